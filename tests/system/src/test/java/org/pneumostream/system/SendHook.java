package org.pneumostream.system;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Runs a test's action before a client sends a certain record. Kafka creates it by name. */
public final class SendHook
    implements ProducerInterceptor<String, byte[]>, ConsumerInterceptor<String, byte[]> {
  /** A test's action. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  private record Hook(Predicate<ProducerRecord<String, byte[]>> when, Action action) {}

  private static final AtomicReference<Hook> HOOK = new AtomicReference<>();

  /** Runs the action once, before the first matching record is sent. */
  static void before(Predicate<ProducerRecord<String, byte[]>> when, Action action) {
    HOOK.set(new Hook(when, action));
  }

  @Override
  public ProducerRecord<String, byte[]> onSend(ProducerRecord<String, byte[]> record) {
    Hook hook = HOOK.get();
    if (hook != null && hook.when().test(record) && HOOK.compareAndSet(hook, null)) {
      try {
        hook.action().run();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    return record;
  }

  @Override
  public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

  @Override
  public ConsumerRecords<String, byte[]> onConsume(ConsumerRecords<String, byte[]> records) {
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}

  @Override
  public void configure(Map<String, ?> configs) {}
}
