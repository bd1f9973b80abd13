package org.pneumostream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.Pneumostream;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.standalone.RunningSystem.Read;

/** {@code ./pneumostream standalone} as a process, ended without warning. */
class KilledSystemIT {
  private static final int SCANS = 30;

  @TempDir Path directory;

  @Test
  void afterAKillInTheMiddleOfScoringEveryScanHasOnePrediction() throws Exception {
    Set<String> pushed = new HashSet<>();
    try (StandaloneProcess standalone = new StandaloneProcess(directory);
        RunningSystem client = standalone.client()) {
      for (int seed = 0; seed < SCANS; seed++) {
        pushed.add(client.push(standalone.ingestPort(), SystemBehaviour.phantom(seed)));
      }
      client.publishModel(1);
      client.await(client.topics().predictions(), read -> read.size() >= 3);
      standalone.kill();
    }
    try (StandaloneProcess standalone = new StandaloneProcess(directory);
        RunningSystem client = standalone.client()) {
      String last = client.push(standalone.ingestPort(), SystemBehaviour.phantom(SCANS));
      pushed.add(last);
      List<Read<Prediction>> predictions =
          client.await(
              client.topics().predictions(),
              read -> read.stream().map(Read::key).toList().containsAll(pushed));
      assertThat(predictions).extracting(Read::key).containsExactlyInAnyOrderElementsOf(pushed);
    }
  }

  /** The command, its output read for the addresses that it prints. */
  private static final class StandaloneProcess implements AutoCloseable {
    private final Path directory;
    private final Process process;
    private final Map<String, String> addresses = new HashMap<>();

    StandaloneProcess(Path directory) throws IOException {
      this.directory = directory;
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-D"
                  + EmbeddedRegistry.HOME_PROPERTY
                  + "="
                  + System.getProperty(EmbeddedRegistry.HOME_PROPERTY),
              "-cp",
              System.getProperty("java.class.path"),
              Pneumostream.class.getName(),
              "standalone",
              "--data-dir",
              directory.toString(),
              "--set",
              "kafka-port=0",
              "--set",
              "registry-port=0",
              "--set",
              "ingest-port=0",
              "--set",
              "preprocess-stream-port=0",
              "--set",
              "scorer-port=0",
              "--set",
              "trainer-port=0",
              "--set",
              "score-batch-max=1",
              "--set",
              "input-shape=48x48x48");
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      for (String line = out.readLine();
          line != null && !line.startsWith("For research use");
          line = out.readLine()) {
        int gap = line.indexOf("  ");
        addresses.put(line.substring(0, gap), line.substring(gap).strip());
      }
    }

    /** Topics, models and HTTP of the running system; starts no services. */
    RunningSystem client() {
      return new RunningSystem(
          addresses.get("kafka"),
          addresses.get("schema registry"),
          "pneumostream.",
          directory.resolve("client"),
          Map.of());
    }

    int ingestPort() {
      String address = addresses.get("ingest");
      return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().join();
    }
  }
}
