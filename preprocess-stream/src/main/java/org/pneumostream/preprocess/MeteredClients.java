package org.pneumostream.preprocess;

import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.pneumostream.service.StageMetrics;

/**
 * The clients of Kafka Streams, as it makes them itself, with producers that count what they have
 * written when it is committed: processors and handlers only see what may yet be taken back.
 */
final class MeteredClients implements KafkaClientSupplier {
  private final StageMetrics metrics;

  MeteredClients(StageMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new CountingProducer(config, metrics);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return getConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return getConsumer(config);
  }

  /** One stream thread's. */
  private static final class CountingProducer extends KafkaProducer<byte[], byte[]> {
    private final StageMetrics metrics;
    private StageMetrics.Transaction transaction;

    CountingProducer(Map<String, Object> config, StageMetrics metrics) {
      super(config, new ByteArraySerializer(), new ByteArraySerializer());
      this.metrics = metrics;
      this.transaction = metrics.begin();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> written, Callback callback) {
      transaction.wrote(written);
      return super.send(written, callback);
    }

    @Override
    public void commitTransaction() {
      super.commitTransaction();
      transaction.committed();
      transaction = metrics.begin();
    }

    @Override
    public void abortTransaction() {
      transaction = metrics.begin();
      super.abortTransaction();
    }
  }
}
