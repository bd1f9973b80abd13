package org.pneumostream.trainer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.Topics;

/** Logs of records behind Kafka's own mock clients: what one commits, the others read. */
final class InMemoryKafka {
  private static final Node NODE = new Node(0, "in-memory", 1);

  final Topics topics =
      new Topics(new TopicSettings("test.", 2, (short) 1, 16 << 20), Registry.inMemory());
  private final Map<TopicPartition, List<ConsumerRecord<String, byte[]>>> logs = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();

  InMemoryKafka() {
    topics
        .all()
        .forEach(
            topic -> {
              for (int i = 0; i < topic.partitions(); i++) {
                logs.put(new TopicPartition(topic.name(), i), new ArrayList<>());
              }
            });
  }

  /** Appends a record; a null value is a tombstone. */
  void append(String topic, int partition, String key, byte[] value) {
    List<ConsumerRecord<String, byte[]>> log = logs.get(new TopicPartition(topic, partition));
    log.add(new ConsumerRecord<>(topic, partition, log.size(), key, value));
  }

  /** Commits a position in the one group that there is. */
  void commit(String topic, int partition, long position) {
    positions.put(new TopicPartition(topic, partition), new OffsetAndMetadata(position));
  }

  /** All records of a topic's first partition. */
  List<ConsumerRecord<String, byte[]>> records(String topic) {
    return List.copyOf(logs.get(new TopicPartition(topic, 0)));
  }

  Consumer<String, byte[]> consumer() {
    MockConsumer<String, byte[]> consumer =
        new MockConsumer<>("earliest") {
          /** The mock forgets what it has returned once; a log does not. */
          @Override
          public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            assignment().forEach(partition -> logs.get(partition).forEach(this::addRecord));
            return super.poll(timeout);
          }

          /** The mock knows those of its own partitions alone. */
          @Override
          public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
              Set<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(positions);
            committed.keySet().retainAll(partitions);
            return committed;
          }

          @Override
          public synchronized Map<TopicPartition, Long> endOffsets(
              Collection<TopicPartition> partitions) {
            partitions.forEach(
                partition ->
                    updateEndOffsets(Map.of(partition, (long) logs.get(partition).size())));
            return super.endOffsets(partitions);
          }
        };
    Map<String, List<PartitionInfo>> partitions = new HashMap<>();
    for (TopicPartition partition : logs.keySet()) {
      consumer.updateBeginningOffsets(Map.of(partition, 0L));
      partitions
          .computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
          .add(
              new PartitionInfo(
                  partition.topic(), partition.partition(), NODE, new Node[] {NODE}, null));
    }
    partitions.forEach(consumer::updatePartitions);
    return consumer;
  }

  /** A transactional producer to first partitions, whose records can be read once committed. */
  Producer<String, byte[]> producer() {
    return new Committing();
  }

  private final class Committing extends MockProducer<String, byte[]> {
    Committing() {
      super(true, null, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized void commitTransaction() {
      int before = history().size();
      super.commitTransaction();
      for (ProducerRecord<String, byte[]> record : history().subList(before, history().size())) {
        append(record.topic(), 0, record.key(), record.value());
      }
    }
  }
}
