package org.pneumostream.system;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.pneumostream.runtime.CommittedRecords;

/** Whether predictions still arrive. */
final class Progress implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final KafkaConsumer<String, byte[]> consumer;
  private final List<TopicPartition> partitions;
  private long seen;

  Progress(RunningSystem client) {
    consumer =
        client
            .kafka()
            .consumer(
                Map.of(
                    ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis(),
                    ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis()));
    partitions =
        CommittedRecords.partitions(consumer, List.of(client.topics().predictions().name()));
  }

  /** Waits until there are more than last time, up to a limit. */
  void await(Duration atMost) throws InterruptedException {
    Instant end = Instant.now().plus(atMost);
    long now = seen;
    while (now <= seen && Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
      try {
        now = consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
      } catch (KafkaException e) {
        // The broker is down, so nothing arrives.
      }
    }
    seen = Math.max(seen, now);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
