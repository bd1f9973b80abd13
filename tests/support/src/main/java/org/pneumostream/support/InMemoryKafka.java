package org.pneumostream.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.Topics;

/** Logs of records behind Kafka's own mock clients: what one sends, the others read. */
public final class InMemoryKafka {
  private static final Node NODE = new Node(0, "in-memory", 1);

  public final Topics topics = topics("test.");
  private final Map<TopicPartition, List<ConsumerRecord<String, byte[]>>> logs = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();

  /** A producer that needs no transactions; its history tells what it has sent. */
  public final MockProducer<String, byte[]> producer = newProducer();

  public InMemoryKafka() {
    topics
        .all()
        .forEach(
            topic -> {
              for (int i = 0; i < topic.partitions(); i++) {
                logs.put(new TopicPartition(topic.name(), i), new ArrayList<>());
              }
            });
  }

  /** The catalogue of topics, of two partitions each, with a registry of its own. */
  public static Topics topics(String prefix) {
    return new Topics(new TopicSettings(prefix, 2, (short) 1, 16 << 20), Registry.inMemory());
  }

  /** From now on no broker answers {@link #producer}. */
  public void goAway() {
    producer.sendException = new TimeoutException("no broker within 1000 ms");
  }

  public void comeBack() {
    producer.sendException = null;
  }

  /** Appends a record; a null value is a tombstone. */
  public void append(String topic, int partition, String key, byte @Nullable [] value) {
    List<ConsumerRecord<String, byte[]>> log = log(new TopicPartition(topic, partition));
    log.add(new ConsumerRecord<>(topic, partition, log.size(), key, value));
  }

  private List<ConsumerRecord<String, byte[]>> log(TopicPartition partition) {
    return Objects.requireNonNull(logs.get(partition), partition::toString);
  }

  /** Commits a position in the one group that there is. */
  public void commit(String topic, int partition, long position) {
    positions.put(new TopicPartition(topic, partition), new OffsetAndMetadata(position));
  }

  /** All records of a topic's first partition. */
  public List<ConsumerRecord<String, byte[]>> records(String topic) {
    return List.copyOf(log(new TopicPartition(topic, 0)));
  }

  public Consumer<String, byte[]> consumer() {
    MockConsumer<String, byte[]> consumer =
        new MockConsumer<>("earliest") {
          /** The mock forgets what it has returned once; a log does not. */
          @Override
          public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            assignment().forEach(partition -> log(partition).forEach(this::addRecord));
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
                partition -> updateEndOffsets(Map.of(partition, (long) log(partition).size())));
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

  /** A producer whose records can be read once it has sent or, in a transaction, committed them. */
  public MockProducer<String, byte[]> newProducer() {
    return new Appending();
  }

  private final class Appending extends MockProducer<String, byte[]> {
    private int appended;

    Appending() {
      super(true, null, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<String, byte[]> record, @Nullable Callback callback) {
      Future<RecordMetadata> sent = super.send(record, callback);
      appendNew();
      return sent;
    }

    @Override
    public synchronized void commitTransaction() {
      super.commitTransaction();
      appendNew();
    }

    /** The mock's history holds what a transaction sent once that is committed. */
    private void appendNew() {
      List<ProducerRecord<String, byte[]>> sent = history();
      for (ProducerRecord<String, byte[]> record : sent.subList(appended, sent.size())) {
        append(record.topic(), 0, record.key(), record.value());
      }
      appended = sent.size();
    }
  }
}
