package org.pneumostream.scorer;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.pneumostream.runtime.TraceHeaders;
import org.pneumostream.runtime.Tracing;

/**
 * A span for each volume of a batch, within that volume's own trace, from a full batch until its
 * answers are committed or aborted. For one thread.
 */
final class BatchTrace implements AutoCloseable {
  private final Map<ConsumerRecord<?, ?>, Span> spans = new IdentityHashMap<>();

  private BatchTrace() {}

  static BatchTrace start(Tracing tracing, List<ConsumerRecord<String, byte[]>> batch) {
    BatchTrace trace = new BatchTrace();
    for (ConsumerRecord<String, byte[]> record : batch) {
      // Tombstones have no span.
      if (record.value() != null) {
        Span span =
            tracing.processing(
                record.topic(),
                record.partition(),
                record.offset(),
                record.key(),
                record.headers());
        span.setAttribute("messaging.batch.message_count", batch.size());
        trace.spans.put(record, span);
      }
    }
    return trace;
  }

  /** The answer continues the trace of its volume. */
  ProducerRecord<String, byte[]> carriedOn(
      ConsumerRecord<?, ?> record, ProducerRecord<String, byte[]> answer) {
    TraceHeaders.write(Context.root().with(spans.get(record)), answer.headers());
    return answer;
  }

  void failed(ConsumerRecord<?, ?> record, RuntimeException failure) {
    Tracing.failed(Objects.requireNonNull(spans.get(record)), failure);
  }

  void failed(RuntimeException failure) {
    spans.values().forEach(span -> Tracing.failed(span, failure));
  }

  @Override
  public void close() {
    spans.values().forEach(Span::end);
  }
}
