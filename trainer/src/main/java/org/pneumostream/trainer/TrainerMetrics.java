package org.pneumostream.trainer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What the trainer tells Prometheus. */
final class TrainerMetrics implements TrainingListener {
  private final MeterRegistry registry;
  private final AtomicInteger newLabels = new AtomicInteger();
  private final AtomicInteger training = new AtomicInteger();
  private volatile StepProgress progress = new StepProgress(0, 0, 0, 0, Double.NaN);
  private volatile double validationLoss = Double.NaN;
  private volatile double validationAccuracy = Double.NaN;
  private final Counter steps;

  TrainerMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.steps =
        Counter.builder("trainer.steps").description("Optimizer steps made").register(registry);
    gauge("trainer.new.labels", "Scans labeled since the last run", newLabels::get);
    gauge("trainer.training", "1 while a run goes on", training::get);
    gauge("trainer.epoch", "Epoch of the last run", () -> progress.epoch());
    gauge("trainer.loss", "Mean training loss of the epoch so far, nats", () -> progress.loss());
    gauge(
        "trainer.validation.loss", "Validation loss of the last epoch, nats", () -> validationLoss);
    gauge(
        "trainer.validation.accuracy",
        "Validation accuracy of the last epoch",
        () -> validationAccuracy);
  }

  void newLabels(int count) {
    newLabels.set(count);
  }

  void training(boolean goesOn) {
    training.set(goesOn ? 1 : 0);
  }

  /** Counts a run by how it ended. */
  void ended(RetrainingOutcome outcome) {
    Counter.builder("trainer.runs")
        .description("Training runs, by how they ended")
        .tag("outcome", outcome.word())
        .register(registry)
        .increment();
  }

  @Override
  public void step(StepProgress step) {
    progress = step;
    steps.increment();
  }

  @Override
  public void epoch(EpochResult result) {
    validationLoss = result.validation().loss();
    validationAccuracy = result.validation().accuracy();
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }
}
