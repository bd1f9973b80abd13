package org.pneumostream.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.pneumostream.ledger.Erased;
import org.pneumostream.ledger.Erasure;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.scanstore.ScanStoreConfig;
import org.pneumostream.schemas.ScanId;
import org.pneumostream.settings.Settings;
import org.pneumostream.terminal.Arguments;
import org.pneumostream.terminal.AvroJson;
import org.pneumostream.terminal.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Erases a scan. */
@Command(
    name = "erase",
    description = "Erase a scan and everything derived from it, except models.",
    mixinStandardHelpOptions = true)
final class EraseCommand implements Callable<Integer> {
  @Mixin private DataDirOptions connection;

  @Parameters(paramLabel = "SCAN_ID", description = "The scan id that publish printed.")
  private String scanId;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try {
      ScanId.require("scan id", scanId);
    } catch (IllegalArgumentException e) {
      throw Arguments.wrong(spec, e.getMessage());
    }
    Settings settings = connection.settings();
    ConnectionOptions.connect(settings);
    Erased erased;
    try (ScanStore store = ScanStore.open(ScanStoreConfig.from(settings))) {
      erased =
          new Erasure(
                  KafkaSettings.connectionWithTopics(settings),
                  store,
                  settings.get(ModelSettings.NAME))
              .erase(scanId)
              .orElseThrow(() -> new NoSuchElementException("unknown scan " + scanId));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(AvroJson.line(object(erased)));
    } else {
      lines(erased).forEach(out::println);
    }
    out.flush();
    return ExitStatus.DONE;
  }

  private static Map<String, Object> object(Erased erased) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("scanId", erased.scanId());
    object.put("topics", erased.topics());
    object.put("files", erased.files());
    object.put("seenBy", erased.seenBy());
    object.put("maybeSeenBy", erased.maybeSeenBy());
    return object;
  }

  private static List<String> lines(Erased erased) {
    return List.of(
        "erased from topics       " + orNone(erased.topics()),
        "files removed            " + erased.files(),
        "seen by model versions   " + orNone(erased.seenBy()),
        "maybe seen by            " + orNone(erased.maybeSeenBy()));
  }

  private static String orNone(List<String> items) {
    return items.isEmpty() ? "none" : String.join(", ", items);
  }
}
