package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.bench.VolumeStream;
import org.pneumostream.bench.VolumeStream.Passage;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.NativeArrays;
import org.pneumostream.classifier.Network;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.standalone.EmbeddedCluster;
import org.pneumostream.system.RunningSystem.Read;
import org.pneumostream.volume.InputShape;

/** Champions that alternate while volumes stream through the scorer. */
class SwapIT {
  private static final int SWAPS = 50;
  private static final int VERSIONS = 2;

  /** Number of predictions whose probability is recomputed. */
  private static final int SAMPLE = 60;

  private static final double TOLERANCE = 1e-6;

  @TempDir Path directory;

  private final Map<String, ModelVersion> versions = new HashMap<>();
  private final List<String> champions = new ArrayList<>();
  private VolumeStream stream;

  @Test
  void fiftySwapsLoseRepeatAndLeakNothing() throws Exception {
    Map<String, String> more =
        Map.of(
            // Predictions are in the order of scoring.
            "partitions", "1",
            // One at a time, so that there are many.
            "score-batch-max", "1",
            // A reader that returns to a version's weights waits this long for records first.
            "kafka.fetch.max.wait.ms", "20");
    try (EmbeddedCluster cluster = EmbeddedCluster.start(directory.resolve("cluster"), 0, 0);
        RunningSystem system =
            new RunningSystem(
                cluster.bootstrapServers(), cluster.registryUrl(), "swap.", directory, more)) {
      KafkaSettings.connectionWithTopics(system.settings());
      for (int seed = 1; seed <= VERSIONS; seed++) {
        ModelVersion version = system.publishModel(seed);
        versions.put(version.getVersion(), version);
      }
      champions.add("1");
      final int before = NativeArrays.alive();
      List<Passage> passages;
      try (ScorerService scorer = ScorerService.start(system.settings());
          VolumeStream volumes = new VolumeStream(system.kafka(), InputShape.SMALL)) {
        stream = volumes;
        stream.awaitPredictionBy("1");
        swap(SWAPS, system);
        stream.finish();
        // The engine holds only the arrays of the current champion.
        assertThat(NativeArrays.alive()).isEqualTo(before + arraysOfOneNetwork());
        passages = stream.passages();
      }

      assertThat(NativeArrays.alive()).isEqualTo(before);

      List<Read<Prediction>> predictions = system.now(system.topics().predictions());
      assertThat(predictions)
          .extracting(Read::key)
          .containsExactlyElementsOf(keys(system.now(system.topics().volumes())));
      assertThat(passages).extracting(Passage::scanId).containsExactlyElementsOf(keys(predictions));
      assertThat(system.now(system.topics().deadLetters())).isEmpty();
      assertThat(versionsInForce(predictions)).isEqualTo(champions).hasSize(SWAPS + 1);
      assertThat(predictions)
          .allSatisfy(
              read ->
                  assertThat(read.value().getModelSha256())
                      .isEqualTo(versions.get(read.value().getModelVersion()).getSha256()));
      assertProbabilities(predictions);
    }
  }

  private static int arraysOfOneNetwork() {
    int before = NativeArrays.alive();
    try (Network network = Network.load(ModelWeights.initial(1), InputShape.SMALL)) {
      assertThat(network).isNotNull();
      return NativeArrays.alive() - before;
    }
  }

  private void swap(int times, RunningSystem system) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      String next = Integer.toString(champions.size() % VERSIONS + 1);
      system.models().promote(next, "test");
      champions.add(next);
      stream.awaitPredictionBy(next);
    }
  }

  /** The model versions of predictions in order, without repetitions. */
  private static List<String> versionsInForce(List<Read<Prediction>> predictions) {
    List<String> inForce = new ArrayList<>();
    for (Read<Prediction> read : predictions) {
      String version = read.value().getModelVersion();
      if (inForce.isEmpty() || !inForce.get(inForce.size() - 1).equals(version)) {
        inForce.add(version);
      }
    }
    return inForce;
  }

  /** Each sampled probability equals that of its own version, and of no other. */
  private void assertProbabilities(List<Read<Prediction>> predictions) throws IOException {
    Map<String, Network> networks = new HashMap<>();
    for (int seed = 1; seed <= VERSIONS; seed++) {
      networks.put(
          Integer.toString(seed), Network.load(ModelWeights.initial(seed), InputShape.SMALL));
    }
    int step = Math.max(1, predictions.size() / SAMPLE);
    for (int i = 0; i < predictions.size(); i += step) {
      Read<Prediction> read = predictions.get(i);
      List<short[]> volume = List.of(stream.voxels(read.key()));
      networks.forEach(
          (version, network) -> {
            double difference =
                Math.abs(network.probabilities(volume)[0] - read.value().getProbabilityAbnormal());
            assertThat(difference < TOLERANCE)
                .as("%s: %s by version %s", read.key(), difference, version)
                .isEqualTo(version.equals(read.value().getModelVersion()));
          });
    }
    networks.values().forEach(Network::close);
  }

  private static List<String> keys(List<? extends Read<?>> records) {
    return records.stream().<String>map(Read::key).toList();
  }
}
