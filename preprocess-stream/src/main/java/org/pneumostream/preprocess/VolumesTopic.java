package org.pneumostream.preprocess;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Volume;

/** The volumes topic, read one record at a time. Thread-safe. */
final class VolumesTopic implements PlacedVolumes, AutoCloseable {
  /** Consumer settings to fetch the requested record and as few others as possible. */
  static final Map<String, Object> CONSUMER_SETTINGS =
      Map.of(
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
          1,
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
          1,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          "none");

  private final Topic<Volume> topic;
  private final Consumer<String, byte[]> consumer;
  private final Duration patience;

  /**
   * @param consumer a read-committed consumer; closed with this
   * @param patience how long to wait for the brokers
   */
  VolumesTopic(Topic<Volume> topic, Consumer<String, byte[]> consumer, Duration patience) {
    this.topic = topic;
    this.consumer = consumer;
    this.patience = patience;
  }

  /**
   * @throws TimeoutException if the brokers do not answer in time
   */
  @Override
  public synchronized Optional<Volume> read(int partition, long offset) {
    TopicPartition where = new TopicPartition(topic.name(), partition);
    consumer.assign(List.of(where));
    consumer.seek(where, offset);
    long start = System.nanoTime();
    try {
      // The position is past the offset, so that record was never committed.
      while (consumer.position(where, patience) <= offset) {
        Duration left = patience.minusNanos(System.nanoTime() - start);
        if (left.isNegative()) {
          throw new TimeoutException(
              "%s: no answer within %d ms".formatted(where, patience.toMillis()));
        }
        for (ConsumerRecord<String, byte[]> record : consumer.poll(left)) {
          return Optional.of(record)
              .filter(found -> found.offset() == offset)
              .map(ConsumerRecord::value)
              .map(topic::value);
        }
      }
      return Optional.empty();
    } catch (OffsetOutOfRangeException e) {
      return Optional.empty();
    } finally {
      // Drops prefetched records.
      consumer.unsubscribe();
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
    synchronized (this) {
      consumer.close();
    }
  }
}
