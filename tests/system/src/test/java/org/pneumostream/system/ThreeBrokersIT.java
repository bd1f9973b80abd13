package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.Topic;
import org.pneumostream.system.RunningSystem.Read;

/** A broker dies while scans stream. */
@Timeout(300)
class ThreeBrokersIT {
  private static final int SCANS = 24;
  private static final int BEFORE = 8;

  @TempDir Path directory;

  @Test
  void losingTheLeaderOfScansLosesAndRepeatsNoScan() throws Exception {
    // One partition, so that every scan and every volume goes through the broker that dies.
    Map<String, String> more = Map.of("partitions", "1", "score-batch-max", "1");
    try (ThreeBrokers brokers = new ThreeBrokers(directory.resolve("cluster"));
        RunningSystem system =
            new RunningSystem(
                    brokers.bootstrapServers(),
                    brokers.registryUrl(),
                    "three.",
                    directory.resolve("data"),
                    more)
                .start()) {
      system.publishModel(1);
      Set<String> pushed = new HashSet<>();
      for (int seed = 0; seed < BEFORE; seed++) {
        pushed.add(push(system, seed));
      }
      system.await(system.topics().predictions(), read -> !read.isEmpty());

      brokers.kill(leader(brokers, system.topics().scans()));
      for (int seed = BEFORE; seed < SCANS; seed++) {
        pushed.add(push(system, seed));
      }

      List<Read<Prediction>> predictions =
          system.await(
              system.topics().predictions(), read -> RunningSystem.keys(read).containsAll(pushed));
      assertThat(predictions).extracting(Read::key).containsExactlyInAnyOrderElementsOf(pushed);
      assertThat(system.now(system.topics().deadLetters())).isEmpty();
    }
  }

  /** Pushes until the scan is accepted, like a scanner. */
  private static String push(RunningSystem system, int seed) throws Exception {
    byte[] file = SmallPhantom.file(seed);
    HttpResponse<String> answer = system.post("/scans", file);
    while (answer.statusCode() == 503) {
      answer = system.post("/scans", file);
    }
    assertThat(answer.statusCode()).isIn(200, 202);
    return answer.body().replaceAll("(?s).*\"scanId\" *: *\"([0-9a-f]{64})\".*", "$1");
  }

  private static int leader(ThreeBrokers brokers, Topic<?> topic) throws Exception {
    try (Admin admin = brokers.admin()) {
      return admin
          .describeTopics(List.of(topic.name()))
          .allTopicNames()
          .get()
          .get(topic.name())
          .partitions()
          .get(0)
          .leader()
          .id();
    }
  }
}
