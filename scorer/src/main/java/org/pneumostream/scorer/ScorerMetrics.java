package org.pneumostream.scorer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.pneumostream.classifier.NativeArrays;
import org.pneumostream.runtime.StageMetrics;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.Topics;

/** Metrics of the scorer. */
final class ScorerMetrics {
  private static final double[] BATCHES = {1, 2, 4, 8, 16, 32, 64};

  private final MeterRegistry registry;
  private final Topics topics;
  private final InstantSource clock;
  private final StageMetrics stage;
  private final DistributionSummary batchSizes;
  private final Timer inference;
  private final Timer transaction;
  private final Timer latency;
  private final Timer overhead;
  private final Counter alerts;
  private final Counter aborted;
  private final Counter swaps;
  private final Counter loadFailures;
  private final MultiGauge inForce;

  /**
   * @param clock for the time at which predictions are committed
   */
  ScorerMetrics(MeterRegistry registry, Topics topics, InstantSource clock) {
    this.registry = registry;
    this.topics = topics;
    this.clock = clock;
    stage =
        new StageMetrics(registry, ScorerService.NAME, topics.predictions(), topics.deadLetters());
    batchSizes =
        DistributionSummary.builder("pneumostream.batch")
            .description("Volumes scored together")
            .baseUnit("volumes")
            .serviceLevelObjectives(BATCHES)
            .register(registry);
    inference = timer("pneumostream.inference", "From a batch of records to the answers to them");
    transaction = timer("pneumostream.transaction", "From the answers to a batch to their commit");
    latency =
        timer(
            "pneumostream.prediction.latency",
            "From a scan's receipt at the door to its committed prediction");
    overhead =
        timer(
            "pneumostream.stream.overhead",
            "Part of a prediction's latency that was neither preprocessing nor inference");
    alerts = counter("pneumostream.alerts", "Alerts raised, committed");
    aborted = counter("pneumostream.transactions.aborted", "Batches aborted and scored again");
    swaps = counter("pneumostream.model.swaps", "Champions loaded and put to use");
    loadFailures = counter("pneumostream.model.load.failures", "Champions that could not be used");
    Gauge.builder("pneumostream.engine.arrays", NativeArrays::alive)
        .description("Arrays that the engine holds outside the heap")
        .register(registry);
    inForce =
        MultiGauge.builder("pneumostream.model.info")
            .description("1, tagged with the current model version and its device")
            .register(registry);
  }

  /** Registers the number of volumes fetched and not answered yet. */
  void queue(Supplier<Number> volumes) {
    Gauge.builder("pneumostream.queue", volumes)
        .description("Volumes fetched and not answered yet")
        .baseUnit("volumes")
        .register(registry);
  }

  /**
   * Counts a committed batch.
   *
   * @param answers records of its transaction
   * @param scoring time from the batch to its answers, in ns
   * @param committing time from there to the commit, in ns
   */
  void committed(
      int volumes, List<ProducerRecord<String, byte[]>> answers, long scoring, long committing) {
    batchSizes.record(volumes);
    inference.record(scoring, TimeUnit.NANOSECONDS);
    transaction.record(committing, TimeUnit.NANOSECONDS);
    StageMetrics.Transaction written = stage.begin();
    answers.forEach(written::wrote);
    written.committed();
    Instant now = clock.instant();
    for (ProducerRecord<String, byte[]> answer : answers) {
      if (answer.value() == null) {
        continue;
      }
      if (answer.topic().equals(topics.predictions().name())) {
        predicted(topics.predictions().value(answer.value()), now);
      } else if (answer.topic().equals(topics.alerts().name())) {
        alerts.increment();
      }
    }
  }

  void aborted() {
    aborted.increment();
  }

  void swapped(Champion champion) {
    swaps.increment();
    Tags tags =
        Tags.of(
            "model",
            champion.version().getName(),
            "version",
            champion.version().getVersion(),
            "device",
            champion.network().device());
    inForce.register(List.of(MultiGauge.Row.of(tags, 1)), true);
  }

  void loadFailed() {
    loadFailures.increment();
  }

  private void predicted(Prediction prediction, Instant now) {
    Duration sinceReceipt = Duration.between(prediction.getReceivedAt(), now);
    double computing = prediction.getPreprocessMillis() + prediction.getInferenceMillis();
    latency.record(sinceReceipt);
    overhead.record(sinceReceipt.minusNanos(Math.round(computing * 1e6)));
  }

  private Timer timer(String name, String description) {
    return StageMetrics.timer(name, description).register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
