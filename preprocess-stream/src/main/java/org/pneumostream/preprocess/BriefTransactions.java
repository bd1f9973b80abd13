package org.pneumostream.preprocess;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;
import org.pneumostream.runtime.StageMetrics;

/**
 * A stream thread's producer whose transactions last only as long as writing takes. Kafka Streams
 * begins a transaction with the first record and may preprocess more scans before it commits. This
 * class buffers records until Streams flushes, and begins the broker's transaction only then. So
 * the largest scans fit a short {@code transaction.timeout.ms}, and a lost host blocks readers no
 * longer than that.
 *
 * <p>Written records are counted when they are committed; processors and handlers only see records
 * that may still be aborted. For one thread.
 */
final class BriefTransactions implements Producer<byte[], byte[]> {
  /** A buffered record, and its callback. */
  private record Waiting(
      ProducerRecord<byte[], byte[]> record,
      Callback callback,
      CompletableFuture<RecordMetadata> written) {
    void answer(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
      callback.onCompletion(metadata, failure);
      if (failure == null) {
        written.complete(metadata);
      } else {
        written.completeExceptionally(failure);
      }
    }
  }

  private final Producer<byte[], byte[]> producer;
  private final StageMetrics metrics;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private StageMetrics.Transaction transaction;
  private boolean isOpen;

  /**
   * @param producer with a transactional id; closed with this
   */
  BriefTransactions(Producer<byte[], byte[]> producer, StageMetrics metrics) {
    this.producer = producer;
    this.metrics = metrics;
    this.transaction = metrics.begin();
  }

  @Override
  public void initTransactions() {
    producer.initTransactions();
  }

  /** Only sets a flag: the broker's transaction begins with {@link #flush} or with the offsets. */
  @Override
  public void beginTransaction() {
    isOpen = false;
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    return send(record, (written, failure) -> {});
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    Waiting last = new Waiting(record, callback, new CompletableFuture<>());
    waiting.add(last);
    return last.written();
  }

  /** Sends buffered records; only their callbacks learn of failures, as with any send. */
  @Override
  public void flush() {
    // A callback may send more.
    while (!waiting.isEmpty()) {
      sendWaiting();
      producer.flush();
    }
  }

  private void sendWaiting() {
    while (!waiting.isEmpty()) {
      Waiting next = waiting.remove();
      try {
        open();
        transaction.wrote(next.record());
        var unused = producer.send(next.record(), next::answer);
      } catch (KafkaException e) {
        next.answer(null, e.getCause() instanceof KafkaException cause ? cause : e);
      }
    }
  }

  private void open() {
    if (!isOpen) {
      producer.beginTransaction();
      isOpen = true;
    }
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    open();
    producer.sendOffsetsToTransaction(offsets, group);
  }

  @Override
  public void commitTransaction() {
    open();
    sendWaiting();
    producer.commitTransaction();
    transaction.committed();
    end();
  }

  @Override
  public void abortTransaction() {
    boolean wasOpen = isOpen;
    end();
    if (wasOpen) {
      producer.abortTransaction();
    }
  }

  private void end() {
    waiting.clear();
    isOpen = false;
    transaction = metrics.begin();
  }

  @Override
  public void registerMetricForSubscription(KafkaMetric metric) {
    producer.registerMetricForSubscription(metric);
  }

  @Override
  public void unregisterMetricFromSubscription(KafkaMetric metric) {
    producer.unregisterMetricFromSubscription(metric);
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return producer.partitionsFor(topic);
  }

  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    return producer.metrics();
  }

  @Override
  public Uuid clientInstanceId(Duration timeout) {
    return producer.clientInstanceId(timeout);
  }

  @Override
  public void close() {
    producer.close();
  }

  @Override
  public void close(Duration timeout) {
    producer.close(timeout);
  }
}
