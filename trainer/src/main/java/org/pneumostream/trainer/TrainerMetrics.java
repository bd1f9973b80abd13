package org.pneumostream.trainer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pneumostream.classifier.NativeArrays;
import org.pneumostream.training.EpochResult;
import org.pneumostream.training.Metrics;
import org.pneumostream.training.StepProgress;
import org.pneumostream.training.TrainingCounts;
import org.pneumostream.training.TrainingListener;

/** Metrics of the trainer. A run's values stay until the next run sets its own. */
final class TrainerMetrics implements TrainingListener {
  /** Outcome of runs that ended with an error. */
  private static final String FAILED = "failed";

  private static final Duration[] EPOCHS =
      Stream.of(1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600)
          .map(Duration::ofSeconds)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Counter steps;
  private final Timer epochTime;
  private final MultiGauge lastRun;
  private volatile int newLabels;
  private volatile boolean training;
  private volatile boolean waiting;
  private volatile TrainingCounts counts =
      new TrainingCounts(
          new TrainingCounts.Count(0, 0),
          new TrainingCounts.Count(0, 0),
          new TrainingCounts.Count(0, 0));
  private volatile StepProgress progress = new StepProgress(0, 0, 0, 0, Double.NaN);
  private volatile double accuracy = Double.NaN;
  private volatile @Nullable Metrics validation;

  TrainerMetrics(MeterRegistry registry) {
    this.registry = registry;
    steps =
        Counter.builder("pneumostream.training.steps")
            .description("Optimizer steps made")
            .register(registry);
    epochTime =
        Timer.builder("pneumostream.training.epoch")
            .description("Time of an epoch, validation included")
            .serviceLevelObjectives(EPOCHS)
            .register(registry);
    lastRun =
        MultiGauge.builder("pneumostream.training.last.run.timestamp")
            .description("When the last run ended, tagged with its outcome")
            .baseUnit("seconds")
            .register(registry);
    Stream.of("promoted", "rejected", "refused", FAILED).forEach(this::runs);
    gauge("new.labels", "Scans labeled since the last run", () -> newLabels);
    gauge("active", "1 while a run is in progress", () -> training ? 1 : 0);
    gauge("waiting", "1 while a run waits for its turn", () -> waiting ? 1 : 0);
    gauge("current.epoch", "Epoch of the last run, from 1", () -> progress.epoch());
    gauge("max.epochs", "Most epochs of the last run", () -> progress.epochs());
    gauge("loss", "Mean training loss of the epoch so far, in nats", () -> progress.loss());
    gauge("accuracy", "Training accuracy of the last epoch", () -> accuracy);
    gauge(
        "validation.loss",
        "Validation loss of the last epoch, in nats",
        () -> validation == null ? Double.NaN : validation.loss());
    gauge(
        "validation.accuracy",
        "Validation accuracy of the last epoch",
        () -> validation == null ? Double.NaN : validation.accuracy());
    gauge(
        "validation.auroc",
        "Area under the ROC curve on the validation scans after the last epoch",
        () -> validation == null ? Double.NaN : validation.auroc());
    Gauge.builder("pneumostream.engine.arrays", NativeArrays::alive)
        .description("Arrays that the engine holds outside the heap")
        .register(registry);
    scans("training", () -> counts.training().scans());
    scans("validation", () -> counts.validation().scans());
    scans("holdout", () -> counts.holdout().scans());
  }

  void newLabels(int count) {
    newLabels = count;
  }

  void training(boolean goesOn) {
    training = goesOn;
  }

  void waiting(boolean forItsTurn) {
    waiting = forItsTurn;
  }

  /** A run has finished. */
  void ended(RetrainingOutcome outcome, Instant when) {
    ended(outcome.word(), when);
  }

  /** A run has ended with an error. */
  void failed(Instant when) {
    ended(FAILED, when);
  }

  @Override
  public void started(TrainingCounts scans) {
    counts = scans;
  }

  @Override
  public void step(StepProgress step) {
    progress = step;
    steps.increment();
  }

  @Override
  public void epoch(EpochResult result) {
    epochTime.record(Duration.ofMillis(Math.round(result.seconds() * 1e3)));
    accuracy = result.accuracy();
    validation = result.validation();
  }

  private void ended(String outcome, Instant when) {
    runs(outcome).increment();
    lastRun.register(
        List.of(MultiGauge.Row.of(Tags.of("outcome", outcome), when.getEpochSecond())), true);
  }

  private Counter runs(String outcome) {
    return Counter.builder("pneumostream.training.runs")
        .description("Training runs, by outcome")
        .tag("outcome", outcome)
        .register(registry);
  }

  private void scans(String subset, Supplier<Number> count) {
    Gauge.builder("pneumostream.training.scans", count)
        .description("Scans of the last run, by side of the split")
        .tag("subset", subset)
        .register(registry);
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder("pneumostream.training." + name, value)
        .description(description)
        .register(registry);
  }
}
