package org.pneumostream.scorer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the scorer counts. */
final class ScorerMetrics {
  private final DistributionSummary batchSizes;
  private final Timer batches;
  private final Counter swaps;
  private final MultiGauge inForce;

  ScorerMetrics(MeterRegistry registry) {
    batchSizes =
        DistributionSummary.builder("pneumostream.scorer.batch.size")
            .description("Volumes in a batch")
            .register(registry);
    batches =
        Timer.builder("pneumostream.scorer.batch")
            .description("Time from a full batch to its committed predictions")
            .publishPercentileHistogram()
            .register(registry);
    swaps =
        Counter.builder("pneumostream.scorer.swaps")
            .description("Champions taken up")
            .register(registry);
    inForce =
        MultiGauge.builder("pneumostream.scorer.model")
            .description("1 for the model version in force")
            .register(registry);
  }

  void scored(int volumes, long nanos) {
    batchSizes.record(volumes);
    batches.record(nanos, TimeUnit.NANOSECONDS);
  }

  void swapped(String version) {
    swaps.increment();
    inForce.register(List.of(MultiGauge.Row.of(Tags.of("version", version), 1)), true);
  }
}
