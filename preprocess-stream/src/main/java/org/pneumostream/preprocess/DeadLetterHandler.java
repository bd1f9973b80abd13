package org.pneumostream.preprocess;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.pneumostream.runtime.LetterRoom;
import org.pneumostream.runtime.TraceHeaders;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.scanstore.ScanStoreAwayException;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.Reference;
import org.pneumostream.schemas.RegistryAwayException;
import org.pneumostream.schemas.RetryOf;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Stage;
import org.pneumostream.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records that cannot be read or processed to dead-letters, with their bytes, and continues.
 * The letter is part of the transaction that moves past the record. An unavailable Kafka, registry
 * or scan store is not the record's fault: then the stream fails, and reads the record again after
 * a restart. Kafka Streams creates this object by name and passes the settings, among them topics
 * under {@link #TOPIC} and {@link #SCANS}, the room for letters under {@link #ROOM} and the spans
 * under {@link #TRACING}.
 */
public final class DeadLetterHandler
    implements DeserializationExceptionHandler, ProcessingExceptionHandler {
  /** Setting that holds the {@code Topic<DeadLetter>}. */
  static final String TOPIC = "pneumostream.dead-letters.topic";

  /** Setting that holds the name of the scans topic. */
  static final String SCANS = "pneumostream.dead-letters.scans";

  /** Setting that holds the {@link Tracing}. */
  static final String TRACING = "pneumostream.dead-letters.tracing";

  /** Setting that holds the {@link LetterRoom}. */
  static final String ROOM = "pneumostream.dead-letters.room";

  private static final Logger log = LoggerFactory.getLogger(DeadLetterHandler.class);

  private Topic<DeadLetter> topic;
  private String scans;
  private Tracing tracing;
  private LetterRoom room;

  @Override
  public void configure(Map<String, ?> settings) {
    topic = get(TOPIC, settings);
    scans = get(SCANS, settings);
    tracing = get(TRACING, settings);
    room = get(ROOM, settings);
  }

  @SuppressWarnings("unchecked")
  private static <T> T get(String key, Map<String, ?> settings) {
    return (T) Objects.requireNonNull(settings.get(key), key);
  }

  @Override
  public DeserializationExceptionHandler.Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
    if (RegistryAwayException.isCauseOf(exception)) {
      return DeserializationExceptionHandler.Response.fail();
    }
    return DeserializationExceptionHandler.Response.resume(
        List.of(
            letter(
                context,
                record.key(),
                record.value(),
                exception,
                null,
                unreadable(record, exception))));
  }

  @Override
  public ProcessingExceptionHandler.Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
    if (RegistryAwayException.isCauseOf(exception)
        || ScanStoreAwayException.isCauseOf(exception)
        || isKafkas(exception)) {
      return ProcessingExceptionHandler.Response.fail();
    }
    if (exception instanceof ScanFailedException failed) {
      return resumed(context, record, failed.getCause(), failed.headers());
    }
    return resumed(context, record, exception, record.headers());
  }

  /** Includes failures of a state store; malformed bytes are the record's own fault. */
  private static boolean isKafkas(Exception exception) {
    return exception instanceof KafkaException && !(exception instanceof SerializationException);
  }

  private ProcessingExceptionHandler.Response resumed(
      ErrorHandlerContext context, Record<?, ?> record, Exception exception, Headers headers) {
    return ProcessingExceptionHandler.Response.resume(
        List.of(
            letter(
                context,
                context.sourceRawKey(),
                context.sourceRawValue(),
                exception,
                reference(record.value()),
                headers)));
  }

  private static @Nullable Reference reference(Object value) {
    return value instanceof ValueOrBytes<?> given && given.value() instanceof Scan scan
        ? scan.getReference()
        : null;
  }

  /** No processor sees an unreadable volume, so its span begins and ends here. */
  private Headers unreadable(ConsumerRecord<byte[], byte[]> record, Exception exception) {
    String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
    Span span =
        tracing.processing(
            record.topic(), record.partition(), record.offset(), key, record.headers());
    Tracing.failed(span, exception);
    span.end();
    Headers headers = new RecordHeaders(record.headers());
    TraceHeaders.write(Context.root().with(span), headers);
    return headers;
  }

  private ProducerRecord<byte[], byte[]> letter(
      ErrorHandlerContext context,
      byte[] key,
      byte[] value,
      Exception exception,
      @Nullable Reference reference,
      Headers headers) {
    Throwable cause = exception instanceof UncheckedIOException ? exception.getCause() : exception;
    RecordPlace place = new RecordPlace(context.partition(), context.offset());
    DeadLetter.Builder letter =
        Stage.PREPROCESS_STREAM
            .deadLetter(context.topic(), place, cause, Instant.now())
            .setReference(reference);
    log.warn(
        "dead letter: {}-{}@{}: {}",
        context.topic(),
        context.partition(),
        context.offset(),
        letter.getReason());
    byte[] bytes = topic.values().serializer().serialize(topic.name(), room.enclose(letter, value));
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic.name(), key, bytes);
    TraceHeaders.write(TraceHeaders.read(headers), record.headers());
    RetryOf.handOn(headers, record.headers());
    if (context.topic().equals(scans)) {
      place.write(RecordPlace.SCAN, record.headers());
    }
    return record;
  }
}
