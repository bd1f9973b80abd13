package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.cli.Execution;
import org.pneumostream.settings.Settings;
import org.pneumostream.standalone.Standalone;
import org.pneumostream.standalone.StandaloneCommand;

/** README's commands, in their order, on a new system. */
@Timeout(600)
class NewcomerIT {
  private static final String NO_MODEL = "there is no champion yet, so scans wait";

  @TempDir Path directory;

  @Test
  void getsAHintUntilThereIsAChampion() throws Exception {
    try (Standalone standalone = Standalone.start(settings())) {
      String addresses =
          " --bootstrap-servers "
              + standalone.cluster().bootstrapServers()
              + " --schema-registry-url "
              + standalone.cluster().registryUrl();
      assertThat(printed(standalone).lines())
          .last()
          .asString()
          .startsWith(NO_MODEL)
          .endsWith("run: ./pneumostream models import" + addresses);

      Path scan = Execution.phantom(directory, "scan.nii.gz");
      Execution publish = run(standalone, "publish", scan);
      assertThat(publish.status()).isZero();
      assertThat(publish.outLines()).hasSize(1);
      assertThat(publish.errLines())
          .singleElement()
          .asString()
          .startsWith("publish: " + NO_MODEL)
          .endsWith("run: ./pneumostream models import" + addresses);

      Execution imported = run(standalone, "models", "import");
      assertThat(imported.outLines()).containsExactly("version 1 promoted: there was no champion");

      // Readers see a transaction when its marker is written, shortly after the commit.
      while (printed(standalone).contains(NO_MODEL)) {
        Thread.onSpinWait();
      }
      assertThat(run(standalone, "publish", scan).err()).isEmpty();
    }
  }

  private Settings settings() {
    Map<String, String> values = new HashMap<>(Map.of("data-dir", directory + "/data"));
    for (String part :
        List.of("kafka", "registry", "ingest", "preprocess-stream", "scorer", "trainer")) {
      values.put(part + "-port", "0");
    }
    return Settings.of(AllSettings.ALL, values);
  }

  private static String printed(Standalone standalone) {
    StringWriter out = new StringWriter();
    StandaloneCommand.print(new PrintWriter(out), standalone);
    return out.toString();
  }

  private Execution run(Standalone standalone, Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--bootstrap-servers",
            standalone.cluster().bootstrapServers(),
            "--schema-registry-url",
            standalone.cluster().registryUrl(),
            "--set",
            "data-dir=" + directory + "/data"));
    return Execution.of(all.toArray());
  }
}
