package org.pneumostream.runtime;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.pneumostream.schemas.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The metrics of Kafka's clients, under Micrometer's names. */
public final class KafkaMeters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KafkaMeters.class);

  /** Metrics of topics and partitions appear and disappear; how often to look for them. */
  private static final Duration REFRESH = Duration.ofSeconds(5);

  private final MeterRegistry registry;
  private final ScheduledExecutorService refresher =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "kafka-metrics");
            thread.setDaemon(true);
            return thread;
          });
  private final Deque<AutoCloseable> bound = new ArrayDeque<>();

  private volatile String prefix = "";

  KafkaMeters(MeterRegistry registry) {
    this.registry = registry;
    registry.config().meterFilter(MeterFilter.deny(this::isDouble));
  }

  /** Sets the names of our topics. */
  KafkaMeters of(Topics topics) {
    prefix = topics.prefix();
    return this;
  }

  public void bind(Consumer<?, ?> consumer) {
    bind((refresh, interval) -> new KafkaClientMetrics(consumer, List.of(), refresh, interval));
  }

  public void bind(Producer<?, ?> producer) {
    bind((refresh, interval) -> new KafkaClientMetrics(producer, List.of(), refresh, interval));
  }

  /**
   * Binds metrics that another module creates for its client.
   *
   * @param metrics creates them, given the thread that looks for new metrics and how often it does
   */
  public synchronized <M extends MeterBinder & AutoCloseable> void bind(
      BiFunction<ScheduledExecutorService, Duration, M> metrics) {
    M made = metrics.apply(refresher, REFRESH);
    made.bindTo(registry);
    bound.push(made);
  }

  /**
   * Kafka 4 reports each topic twice, the second time with underscores for the dots of its name.
   */
  private boolean isDouble(Meter.Id meter) {
    String topic = meter.getTag("topic");
    return topic != null && !topic.startsWith(prefix) && topic.startsWith(prefix.replace('.', '_'));
  }

  @Override
  public synchronized void close() {
    refresher.shutdownNow();
    while (!bound.isEmpty()) {
      try {
        bound.pop().close();
      } catch (Exception e) {
        log.warn("cannot read Kafka's metrics: {}", e.toString());
      }
    }
  }
}
