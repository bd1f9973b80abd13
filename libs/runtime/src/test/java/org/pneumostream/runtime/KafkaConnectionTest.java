package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.TopicSettings;

class KafkaConnectionTest {
  @Test
  void clientSettingsOverrideOurs() {
    KafkaConnection kafka =
        new KafkaConnection(
            "broker:9092",
            Registry.inMemory(),
            new TopicSettings("pneumostream.", 4, (short) -1, 16 << 20),
            Map.of(ProducerConfig.ACKS_CONFIG, "1", "security.protocol", "SSL"));

    assertThat(kafka.clientSettings(kafka.producerSettings()))
        .containsEntry("bootstrap.servers", "broker:9092")
        .containsEntry("acks", "1")
        .containsEntry("security.protocol", "SSL")
        .containsEntry("max.request.size", 16 << 20);
    assertThat(kafka.clientSettings(kafka.consumerSettings()))
        .containsEntry("isolation.level", "read_committed");
  }
}
