package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pneumostream.training.EpochResult;
import org.pneumostream.training.Metrics;
import org.pneumostream.training.StepProgress;
import org.pneumostream.training.TrainingCounts;
import org.pneumostream.training.TrainingCounts.Count;

class TrainerMetricsTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TrainerMetrics metrics = new TrainerMetrics(meters);

  @Test
  void reportsProgressAndMetricsOfARun() {
    assertThat(gauge("validation.auroc")).isNaN();
    metrics.waiting(true);
    metrics.training(true);
    metrics.started(new TrainingCounts(new Count(5, 3), new Count(2, 1), new Count(1, 0)));
    metrics.step(new StepProgress(1, 10, 1, 4, 0.7));
    metrics.step(new StepProgress(1, 10, 2, 4, 0.6));
    metrics.epoch(
        new EpochResult(1, 10, 0.6, 0.75, new Metrics(3, 0.5, 0.8, 0.9, 1, 1), 1e-4, 2.5));

    assertThat(gauge("active")).isEqualTo(1);
    assertThat(gauge("waiting")).isEqualTo(1);
    assertThat(gauge("current.epoch")).isEqualTo(1);
    assertThat(gauge("max.epochs")).isEqualTo(10);
    assertThat(gauge("loss")).isEqualTo(0.6);
    assertThat(gauge("accuracy")).isEqualTo(0.75);
    assertThat(gauge("validation.loss")).isEqualTo(0.5);
    assertThat(gauge("validation.accuracy")).isEqualTo(0.8);
    assertThat(gauge("validation.auroc")).isEqualTo(0.9);
    assertThat(scans("training")).isEqualTo(8);
    assertThat(scans("validation")).isEqualTo(3);
    assertThat(scans("holdout")).isEqualTo(1);
    assertThat(meters.get("pneumostream.training.steps").counter().count()).isEqualTo(2);
    Timer epochs = meters.get("pneumostream.training.epoch").timer();
    assertThat(epochs.count()).isEqualTo(1);
    assertThat(epochs.totalTime(TimeUnit.SECONDS)).isEqualTo(2.5);
  }

  @Test
  void lastRunHasOneOutcome() {
    metrics.ended(
        new RetrainingOutcome("run", Map.of(), Map.of(), Optional.empty(), "too few"), NOON);
    metrics.failed(NOON.plusSeconds(60));

    assertThat(runs("refused")).isEqualTo(1);
    assertThat(runs("failed")).isEqualTo(1);
    assertThat(runs("promoted")).isZero();
    assertThat(meters.get("pneumostream.training.last.run.timestamp").gauges())
        .singleElement()
        .satisfies(
            last -> {
              assertThat(last.getId().getTags()).containsExactly(Tag.of("outcome", "failed"));
              assertThat(last.value()).isEqualTo(NOON.plusSeconds(60).getEpochSecond());
            });
  }

  private double gauge(String name) {
    return meters.get("pneumostream.training." + name).gauge().value();
  }

  private double scans(String subset) {
    return meters.get("pneumostream.training.scans").tag("subset", subset).gauge().value();
  }

  private double runs(String outcome) {
    return meters.get("pneumostream.training.runs").tag("outcome", outcome).counter().count();
  }
}
