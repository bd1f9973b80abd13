package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.classifier.ComputeDevice;
import org.pneumostream.training.CodeVersion;

class RunPlanTest {
  private static final ComputeDevice CPU = new ComputeDevice("cpu", 2);

  @ParameterizedTest
  @CsvSource({
    "model a, 2, cpu, 2, true",
    "model b, 2, cpu, 2, false",
    "model a, 3, cpu, 2, false",
    "model a, 2, cpu, 4, false",
    "model a, 2, gpu, 0, false",
  })
  void resumesOnlyIfTheWeightsWouldBeTheSame(
      String source, String epochs, String kind, int threads, boolean resumable) {
    RunPlan plan = plan(CodeVersion.current(), CPU);

    assertThat(
            plan.isResumableWith(
                source, Map.of("train-epochs", epochs), new ComputeDevice(kind, threads)))
        .isEqualTo(resumable);
  }

  @Test
  void doesNotResumeARunOfOtherSoftwareOrUnknownDevice() {
    Map<String, String> settings = Map.of("train-epochs", "2");

    assertThat(plan("another", CPU).isResumableWith("model a", settings, CPU)).isFalse();
    assertThat(plan(CodeVersion.current(), null).isResumableWith("model a", settings, CPU))
        .isFalse();
  }

  private static RunPlan plan(String codeVersion, ComputeDevice device) {
    return new RunPlan(
        "run-1",
        "model a",
        Map.of("train-epochs", "2"),
        codeVersion,
        device,
        Map.of(),
        Map.of(),
        0,
        Map.of(),
        List.of(),
        null);
  }
}
