package org.pneumostream.standalone;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.pneumostream.cli.DataDirOptions;
import org.pneumostream.cli.Foreground;
import org.pneumostream.cli.NoChampion;
import org.pneumostream.cli.Subcommand;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.runtime.Service;
import org.pneumostream.settings.Setting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the whole system on this machine. */
@Command(
    name = "standalone",
    description =
        "Run an embedded broker, an embedded registry and every service; data survives restarts.",
    footer = "%nFor research use, not a medical device.",
    mixinStandardHelpOptions = true)
public final class StandaloneCommand implements Callable<Integer>, Subcommand {
  @Mixin private DataDirOptions connection;

  @Spec private CommandSpec spec;

  @Override
  public List<Setting<?>> furtherSettings() {
    return EmbeddedClusterConfig.ALL;
  }

  @Override
  public Integer call() throws Exception {
    return Foreground.runService(this::start, Standalone::stopped);
  }

  private Standalone start() {
    Standalone standalone = Standalone.start(connection.settings());
    try {
      print(spec.commandLine().getOut(), standalone);
      return standalone;
    } catch (RuntimeException e) {
      standalone.close();
      throw e;
    }
  }

  /** Prints all addresses, and what to do first. */
  public static void print(PrintWriter out, Standalone standalone) {
    printAddresses(out, standalone);
    NoChampion.hint(standalone.settings()).ifPresent(out::println);
    out.flush();
  }

  public static void printAddresses(PrintWriter out, Standalone standalone) {
    out.printf("%-18s %s%n", "kafka", standalone.cluster().bootstrapServers());
    out.printf("%-18s %s%n", "schema registry", standalone.cluster().registryUrl());
    String scheme = standalone.settings().has(HttpConfig.KEYSTORE) ? "https" : "http";
    for (Service service : standalone.services()) {
      out.printf("%-18s %s://127.0.0.1:%d%n", service.name(), scheme, service.port());
    }
    out.println("For research use, not a medical device.");
    out.flush();
  }
}
