package org.pneumostream.ingest;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.pneumostream.runtime.TraceHeaders;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.schemas.Topic;

/**
 * Sends a record within the trace of its caller, and waits until all in-sync brokers have it.
 * Thread-safe.
 */
final class RecordSender {
  private final Producer<String, byte[]> producer;
  private final Tracing tracing;

  RecordSender(Producer<String, byte[]> producer, Tracing tracing) {
    this.producer = producer;
    this.tracing = tracing;
  }

  /**
   * Bounds the wait: half of it for the metadata and room in the buffer, half for the delivery
   * itself.
   */
  static Map<String, Object> producerSettings(Duration timeout) {
    int half = Math.toIntExact(timeout.toMillis() / 2);
    return Map.of(
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        half,
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        half,
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        half);
  }

  /**
   * @throws RecordTooLargeException if the topic does not accept a record of that size
   * @throws UnavailableException if Kafka or the registry does not accept it in time. The record
   *     may have been written anyway, if only Kafka's answer was lost.
   */
  <V extends SpecificRecord> Receipt send(Topic<V> topic, String scanId, V value)
      throws UnavailableException {
    Span span = tracing.sending(topic.name(), scanId);
    try {
      ProducerRecord<String, byte[]> record = topic.record(scanId, value);
      TraceHeaders.write(Context.current().with(span), record.headers());
      RecordMetadata written = producer.send(record).get();
      Tracing.liesAt(span, written.partition(), written.offset());
      return new Receipt(scanId, topic.name(), written.partition(), written.offset());
    } catch (RecordTooLargeException e) {
      Tracing.failed(span, e);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RecordTooLargeException tooLarge) {
        Tracing.failed(span, tooLarge);
        throw tooLarge;
      }
      throw unavailable(span, UnavailableException.of(e.getCause()));
    } catch (KafkaException | IllegalStateException e) {
      // The latter is thrown by a producer that was closed meanwhile.
      throw unavailable(span, UnavailableException.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(span, new UnavailableException("ingest is stopping", e));
    } finally {
      span.end();
    }
  }

  private static UnavailableException unavailable(Span span, UnavailableException failure) {
    Tracing.failed(span, failure.getCause());
    return failure;
  }
}
