package org.pneumostream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pneumostream.bench.SaturationBench.Load;
import org.pneumostream.bench.StreamBench.Way;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.support.SampleRecords;

class StreamBenchTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void addedTimeExcludesPreprocessingAndInference() {
    Way way = new Way(START, prediction(10, 100, 40, 400, 250, 1), START.plusMillis(412));

    assertThat(StreamBench.figures(List.of(way)))
        .containsEntry("median_ms", 412.0)
        .containsEntry("min_ms", 412.0)
        .containsEntry("p99_ms", 412.0)
        .containsEntry("runs", 1)
        .containsEntry("added_median_ms", 122.0)
        .containsEntry("added_p99_ms", 122.0)
        .containsEntry("intake_median_ms", 10.0)
        .containsEntry("to_preprocessing_median_ms", 50.0)
        .containsEntry("to_inference_median_ms", 50.0)
        .containsEntry("to_reader_median_ms", 12.0)
        .containsEntry("preprocessing_median_ms", 40.0)
        .containsEntry("inference_median_ms", 250.0);
  }

  @Test
  void loadIsMeasuredFromTheFirstBatchsEnd() {
    List<Prediction> scored =
        List.of(
            prediction(0, 0, 0, 500, 400, 2),
            prediction(0, 0, 0, 500, 400, 2),
            prediction(0, 0, 0, 1000, 450, 2),
            prediction(0, 0, 0, 1000, 450, 2),
            prediction(0, 0, 0, 1500, 480, 1));

    Load load = Load.of(scored, 1);

    assertThat(load.perSecond()).isEqualTo(3);
    assertThat(load.busy()).isEqualTo(0.93, within(1e-12));
  }

  @Test
  void twoScorersShareTheTime() {
    List<Prediction> scored =
        List.of(prediction(0, 0, 0, 500, 400, 1), prediction(0, 0, 0, 1500, 800, 1));

    assertThat(Load.of(scored, 2).busy()).isEqualTo(0.4);
  }

  /** Moments are ms after {@link #START}. */
  private static Prediction prediction(
      long received,
      long preprocessed,
      double preprocessMillis,
      long scored,
      double inferenceMillis,
      int batchSize) {
    return SampleRecords.prediction()
        .setReceivedAt(START.plusMillis(received))
        .setPreprocessedAt(START.plusMillis(preprocessed))
        .setPreprocessMillis(preprocessMillis)
        .setScoredAt(START.plusMillis(scored))
        .setInferenceMillis(inferenceMillis)
        .setBatchSize(batchSize)
        .build();
  }
}
