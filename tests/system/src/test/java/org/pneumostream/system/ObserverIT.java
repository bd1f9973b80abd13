package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.demo.Observer;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.settings.Settings;
import org.pneumostream.standalone.EmbeddedCluster;
import org.pneumostream.support.SampleRecords;

class ObserverIT {
  @Test
  @Timeout(120)
  void doesNotWaitForAFailedScan(@TempDir Path directory) throws Exception {
    try (EmbeddedCluster cluster = EmbeddedCluster.start(directory, 0, 0)) {
      KafkaConnection kafka =
          KafkaSettings.connection(Settings.of(AllSettings.ALL, cluster.settings()));
      try (Admin admin = kafka.admin()) {
        kafka.topics().createMissing(admin);
      }
      try (Observer observer = new Observer(kafka, (scanId, prediction) -> {});
          Producer<String, byte[]> producer = kafka.producer(Map.of())) {
        producer.send(kafka.topics().deadLetters().record("failed", letter())).get();

        observer.await(() -> observer.answered(Set.of("failed", "under way")) == 1);
        assertThat(observer.hasLabeled(Set.of("failed"))).isTrue();
        assertThat(observer.hasLabeled(Set.of("failed", "under way"))).isFalse();
      }
    }
  }

  private static DeadLetter letter() {
    return SampleRecords.deadLetter().setStage("preprocess-stream").setTopic("scans").build();
  }
}
