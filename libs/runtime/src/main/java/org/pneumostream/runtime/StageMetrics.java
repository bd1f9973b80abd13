package org.pneumostream.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Topic;

/**
 * Counts a stage's results: scans processed, and dead letters by kind of failure. Both are counted
 * when their transaction is committed, so that an aborted and repeated batch counts once.
 */
public final class StageMetrics {
  /** From transactions of a few records to those of the largest scans. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1)
  };

  private static final String STAGE = "stage";

  private final MeterRegistry registry;
  private final String stage;
  private final Topic<?> output;
  private final Topic<DeadLetter> deadLetters;
  private final Counter processed;

  /**
   * @param stage its name in dead letters
   * @param output topic with one record for each scan that the stage has processed
   */
  public StageMetrics(
      MeterRegistry registry, String stage, Topic<?> output, Topic<DeadLetter> deadLetters) {
    this.registry = registry;
    this.stage = stage;
    this.output = output;
    this.deadLetters = deadLetters;
    this.processed =
        Counter.builder("pneumostream.scans.processed")
            .description("Scans whose result the stage has written and committed")
            .tag(STAGE, stage)
            .register(registry);
  }

  /** A histogram of times, with the same buckets for every stage. */
  public static Timer.Builder timer(String name, String description) {
    return Timer.builder(name).description(description).serviceLevelObjectives(BUCKETS);
  }

  /** Begins counting a transaction. */
  public Transaction begin() {
    return new Transaction();
  }

  /** The records of one transaction. For one thread. */
  public final class Transaction {
    private long results;
    private final Map<String, Integer> failures = new HashMap<>();

    private Transaction() {}

    /** Adds a record; tombstones are neither results nor dead letters. */
    public void wrote(ProducerRecord<?, byte[]> written) {
      if (written.value() == null) {
        return;
      }
      if (written.topic().equals(output.name())) {
        results++;
      } else if (written.topic().equals(deadLetters.name())) {
        failures.merge(deadLetters.value(written.value()).getError(), 1, Integer::sum);
      }
    }

    /** Counts all records; call it once, when the brokers have committed the transaction. */
    public void committed() {
      processed.increment(results);
      failures.forEach(
          (error, letters) ->
              Counter.builder("pneumostream.dead.letters")
                  .description("Records that became dead letters, committed")
                  .tag(STAGE, stage)
                  .tag("reason", error)
                  .register(registry)
                  .increment(letters));
    }
  }
}
