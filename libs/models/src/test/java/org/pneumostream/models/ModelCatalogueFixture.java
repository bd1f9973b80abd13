package org.pneumostream.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Topic;
import org.pneumostream.support.InMemoryKafka;
import org.pneumostream.support.SampleRecords;

/** A catalogue that reads versions from Kafka's own mock consumer. */
abstract class ModelCatalogueFixture {
  final Topic<ModelVersion> topic = InMemoryKafka.topics("").models();
  final TopicPartition partition = new TopicPartition(topic.name(), 0);
  final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  final List<ConsumerRecord<String, byte[]>> log = new ArrayList<>();
  ModelCatalogue catalogue;

  @BeforeEach
  void open() {
    consumer.updateBeginningOffsets(Map.of(partition, 0L));
    consumer.updateEndOffsets(Map.of(partition, 0L));
    catalogue = new ModelCatalogue(topic, "pneumonia", consumer);
  }

  @AfterEach
  void closesItsConsumer() {
    catalogue.close();
    assertThat(consumer.closed()).isTrue();
  }

  void publish(String version) {
    append("pneumonia/" + version, value(version));
  }

  void append(String key, byte[] value) {
    log.add(new ConsumerRecord<>(topic.name(), 0, log.size(), key, value));
    consumer.addRecord(log.get(log.size() - 1));
    consumer.updateEndOffsets(Map.of(partition, (long) log.size()));
  }

  byte[] value(String version) {
    return bytes(version(version));
  }

  byte[] bytes(ModelVersion version) {
    return topic.record("", version).value();
  }

  static ModelVersion version(String version) {
    return SampleRecords.modelVersion(version)
        .setWeights(ByteBuffer.wrap(new byte[] {1, 2, 3}))
        .build();
  }
}
