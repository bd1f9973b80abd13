package org.pneumostream.ingest;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.pneumostream.schemas.Topic;

/** Sends one record and waits until all in-sync brokers have it. */
final class Sending {
  private Sending() {}

  /**
   * What bounds the wait: half of it for the metadata and a place in the buffer, half for the
   * delivery itself.
   */
  static Map<String, Object> producerSettings(Duration timeout) {
    int half = Math.toIntExact(timeout.toMillis() / 2);
    return Map.of(
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        half,
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        half,
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        half,
        // Whoever pushed is waiting for this record; there is nothing to wait for.
        ProducerConfig.LINGER_MS_CONFIG,
        0);
  }

  /**
   * @throws UnavailableException if Kafka or the registry does not take it in time. It may be there
   *     all the same: Kafka's answer can be what went missing.
   */
  static <V extends SpecificRecord> Receipt send(
      Producer<String, byte[]> producer, Topic<V> topic, String scanId, V value)
      throws UnavailableException {
    try {
      RecordMetadata written = producer.send(topic.record(scanId, value)).get();
      return new Receipt(scanId, topic.name(), written.partition(), written.offset(), false);
    } catch (ExecutionException e) {
      throw new UnavailableException("Kafka: " + e.getCause().getMessage(), e.getCause());
    } catch (KafkaException e) {
      throw new UnavailableException("Kafka: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("ingest is stopping", e);
    }
  }
}
