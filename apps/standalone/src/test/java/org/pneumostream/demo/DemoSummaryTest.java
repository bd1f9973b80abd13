package org.pneumostream.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.support.SampleRecords;

class DemoSummaryTest {
  private static final Map<String, DemoScan> TRUTH = Map.of("a", DemoScan.of(1));

  @Test
  void isCompleteWhenEveryScanIsPredictedOnceByEachModelThatScoredIt() {
    DemoSummary summary = summary(Map.of("a", List.of(by("1"), by("2")), "b", List.of(by("2"))));

    assertThat(summary.isComplete()).isTrue();
    assertThat(printed(summary))
        .startsWith(
            "2 scans in, 0 without a prediction, 0 predicted twice by the same model;"
                + " 1 retraining, 9 s");
  }

  @Test
  void isIncompleteWhenAScanIsMissing() {
    DemoSummary summary = summary(Map.of("a", List.of(by("1"))));

    assertThat(summary.isComplete()).isFalse();
    assertThat(printed(summary)).startsWith("2 scans in, 1 without a prediction, 0 predicted");
  }

  @Test
  void printsASummaryEvenIfOneOfTheLastScansIsMissing() {
    DemoSummary summary =
        new DemoSummary(
            Set.of("a", "b"), TRUTH, Map.of("a", List.of(by("1"))), List.of(), Set.of("a", "b"));

    assertThat(printed(summary))
        .contains("2 new scans, which no model was trained on: 1 correct, median 0 ms");
  }

  @Test
  void isIncompleteWhenAModelPredictedAScanTwice() {
    DemoSummary summary = summary(Map.of("a", List.of(by("1"), by("1")), "b", List.of(by("1"))));

    assertThat(summary.isComplete()).isFalse();
    assertThat(printed(summary))
        .startsWith("2 scans in, 0 without a prediction, 1 predicted twice");
  }

  private static DemoSummary summary(Map<String, List<Prediction>> predictions) {
    ModelEvent trained =
        ModelEvent.newBuilder()
            .setType(ModelEventType.TRAINED)
            .setVersion("2")
            .setReason("asked")
            .setAt(Instant.EPOCH)
            .build();
    return new DemoSummary(Set.of("a", "b"), TRUTH, predictions, List.of(trained), Set.of());
  }

  private static Prediction by(String version) {
    return SampleRecords.prediction().setModelVersion(version).build();
  }

  private static String printed(DemoSummary summary) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    summary.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), Duration.ofSeconds(9));
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
