package org.pneumostream.trainer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.training.Example;
import org.pneumostream.training.TrainingSet;

/**
 * Detects erasures of scans that a run trains on. Each check reads the new records of
 * labeled-volumes. For one thread.
 */
final class ErasureWatch implements AutoCloseable {
  private final Consumer<String, byte[]> consumer;
  private final String topic;
  private final Set<String> scanIds;

  /**
   * @param consumer a read-committed consumer without assigned topics; closed with this object
   * @param snapshot end offset of each partition when the scans were spooled
   */
  ErasureWatch(
      Consumer<String, byte[]> consumer,
      String topic,
      Map<Integer, Long> snapshot,
      TrainingSet set) {
    this.consumer = consumer;
    this.topic = topic;
    this.scanIds = set.examples().stream().map(Example::scanId).collect(Collectors.toSet());
    Map<TopicPartition, Long> starts = new HashMap<>();
    snapshot.forEach((number, end) -> starts.put(new TopicPartition(topic, number), end));
    consumer.assign(starts.keySet());
    starts.forEach(consumer::seek);
  }

  /**
   * Checks the records that have already arrived.
   *
   * @throws ErasedScanException if a scan was erased
   */
  void check() {
    consumer.poll(Duration.ZERO).forEach(this::check);
  }

  /**
   * Checks all records up to the current end.
   *
   * @throws ErasedScanException if a scan was erased
   * @throws java.util.concurrent.CancellationException if it was stopped
   */
  void checkUpToNow(BooleanSupplier stop) {
    Map<Integer, Long> positions = new HashMap<>();
    consumer.assignment().forEach(p -> positions.put(p.partition(), consumer.position(p)));
    CommittedRecords.since(consumer, topic, positions).forEach(this::check, (read, of) -> {}, stop);
  }

  private void check(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null && scanIds.contains(record.key())) {
      throw new ErasedScanException();
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
