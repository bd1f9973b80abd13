package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.bench.VolumeStream;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.standalone.EmbeddedCluster;
import org.pneumostream.system.RunningSystem.Read;
import org.pneumostream.volume.InputShape;

/** Scorers that join and leave while volumes stream. */
@Timeout(240)
class RebalanceIT {
  private static final int CHANGES = 4;
  private static final int BETWEEN = 10;

  @TempDir Path directory;

  @Test
  void aRebalanceDuringScoringLosesAndRepeatsNothing() throws Exception {
    Map<String, String> more = Map.of("partitions", "4");
    try (EmbeddedCluster cluster = EmbeddedCluster.start(directory.resolve("cluster"), 0, 0);
        RunningSystem system =
            new RunningSystem(
                cluster.bootstrapServers(), cluster.registryUrl(), "rebalance.", directory, more)) {
      KafkaSettings.connectionWithTopics(system.settings());
      system.publishModel(1);
      ScorerService scorer = ScorerService.start(system.settings());
      try (VolumeStream stream = new VolumeStream(system.kafka(), InputShape.SMALL)) {
        stream.awaitMore(BETWEEN);
        for (int change = 0; change < CHANGES; change++) {
          ScorerService next = ScorerService.start(system.settings());
          awaitWork(next, system, stream);
          // Both have partitions and in-flight volumes.
          scorer.close();
          scorer = next;
          stream.awaitMore(BETWEEN);
        }
        stream.finish();
      } finally {
        scorer.close();
      }

      List<Read<Prediction>> predictions = system.now(system.topics().predictions());
      assertThat(predictions)
          .extracting(Read::key)
          .doesNotHaveDuplicates()
          .hasSameElementsAs(RunningSystem.keys(system.now(system.topics().volumes())));
      assertThat(system.now(system.topics().deadLetters())).isEmpty();
    }
  }

  /** Waits until a scorer has answered a volume. */
  private static void awaitWork(ScorerService scorer, RunningSystem system, VolumeStream stream)
      throws Exception {
    while (!system
        .get(scorer, "/metrics")
        .body()
        .matches("(?s).*pneumostream_batch_volumes_count\\S* [1-9].*")) {
      stream.awaitMore(1);
    }
  }
}
