package org.pneumostream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.Pneumostream;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.TrainingEpoch;
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
        pushed.add(client.push(standalone.ingestPort(), SmallPhantom.file(seed)));
      }
      client.publishModel(1);
      client.await(client.topics().predictions(), read -> read.size() >= 3);
      standalone.kill();
    }
    try (StandaloneProcess standalone = new StandaloneProcess(directory);
        RunningSystem client = standalone.client()) {
      String last = client.push(standalone.ingestPort(), SmallPhantom.file(SCANS));
      pushed.add(last);
      List<Read<Prediction>> predictions =
          client.await(
              client.topics().predictions(),
              read -> read.stream().map(Read::key).toList().containsAll(pushed));
      assertThat(predictions).extracting(Read::key).containsExactlyInAnyOrderElementsOf(pushed);

      // A volume of before the kill is found where it lies.
      String labeled = client.push(standalone.ingestPort(), SmallPhantom.file(0), "abnormal");
      assertThat(client.await(client.topics().labeledVolumes(), read -> !read.isEmpty()))
          .extracting(Read::key, read -> read.value().getLabel().getFinding())
          .containsExactly(tuple(labeled, Finding.ABNORMAL));
    }
  }

  @Test
  void afterAKillInTheMiddleOfTrainingTheRunGoesOn() throws Exception {
    Map<String, String> settings =
        Map.of(
            "train-epochs", "12",
            "train-min-scans-per-class", "1",
            "train-augment", "false",
            "min-new-labels", "16");
    String run;
    try (StandaloneProcess standalone = new StandaloneProcess(directory, settings);
        RunningSystem client = standalone.client()) {
      for (int seed = 0; seed < 16; seed++) {
        String finding = seed % 2 == 0 ? "normal" : "abnormal";
        client.push(standalone.ingestPort(), SmallPhantom.file(seed), finding);
      }
      run = client.await(client.topics().trainingEpochs(), read -> read.size() >= 2).get(0).key();
      assertThat(client.now(client.topics().modelEvents())).isEmpty();
      standalone.kill();
    }
    try (StandaloneProcess standalone = new StandaloneProcess(directory, settings);
        RunningSystem client = standalone.client()) {
      List<Read<ModelEvent>> events =
          client.await(client.topics().modelEvents(), read -> read.size() >= 2);
      List<Read<TrainingEpoch>> epochs = client.now(client.topics().trainingEpochs());

      assertThat(epochs)
          .allSatisfy(read -> assertThat(read.key()).isEqualTo(run))
          .extracting(read -> read.value().getEpoch())
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 12).boxed().toList());
      assertThat(events)
          .extracting(read -> read.value().getType())
          .containsExactly(ModelEventType.TRAINED, ModelEventType.PROMOTED);
      assertThat(events.get(0).value().getReason()).contains(run);
    }
  }

  /** The command, its output read for the addresses that it prints. */
  private static final class StandaloneProcess implements AutoCloseable {
    private final Path directory;
    private final Process process;
    private final Map<String, String> addresses = new HashMap<>();

    StandaloneProcess(Path directory) throws IOException {
      this(directory, Map.of());
    }

    StandaloneProcess(Path directory, Map<String, String> settings) throws IOException {
      this.directory = directory;
      List<String> command =
          new ArrayList<>(
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
                  "input-shape=48x48x48"));
      settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
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
