package org.pneumostream.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelMetrics;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.ScanCount;
import org.pneumostream.schemas.SplitKey;
import org.pneumostream.schemas.SplitRule;
import org.pneumostream.support.SampleRecords;

class AvroTextTest {
  @Test
  void writesAVersionReadably() {
    ModelVersion version =
        SampleRecords.modelVersion("2")
            .setSha256("ab12")
            .setWeights(ByteBuffer.allocate(5))
            .setArchitecture("keras-3d")
            .setMetrics(new ModelMetrics(13, 0.34411, 0.9, Double.NaN, 1.0, 0.8))
            .setLineage(lineage())
            .build();

    assertThat(AvroText.lines(version))
        .filteredOn(line -> !line.endsWith(" none"))
        .containsExactly(
            "name                   pneumonia",
            "version                2",
            "sha256                 ab12",
            "weights                5 bytes",
            "architecture           keras-3d",
            "input shape            128×128×64",
            "preprocessing version  1",
            "metrics",
            "  scans                13",
            "  loss                 0.3441",
            "  accuracy             0.9000",
            "  sensitivity          1.0000",
            "  specificity          0.8000",
            "lineage",
            "  run id               run-1",
            "  snapshot             0 20, 1 3",
            "  training scans       14",
            "  validation scans     6",
            "  seed                 7",
            "  settings",
            "    min-validation-scans-per-class 2",
            "    train-batch-size               2",
            "    train-learning-rate            1e-4",
            "  code version         0.1.0",
            "  device               cpu",
            "  threads              2",
            "  training             normal 7, abnormal 7",
            "  splits",
            "    1                  by SCAN, validation 0.2000, holdout 0.1000, draw 17",
            "created at             1970-01-01T00:00:00Z")
        .noneMatch(line -> line.contains("{"));
  }

  private static Lineage lineage() {
    return Lineage.newBuilder()
        .setRunId("run-1")
        .setSnapshot(Map.of("1", 3L, "0", 20L))
        .setTrainingScans(14)
        .setValidationScans(6)
        .setTraining(new ScanCount(7, 7))
        .setSeed(7)
        .setSettings(
            Map.of(
                "train-batch-size", "2",
                "train-learning-rate", "1e-4",
                "min-validation-scans-per-class", "2"))
        .setCodeVersion("0.1.0")
        .setDevice("cpu")
        .setThreads(2)
        .setSplits(List.of(new SplitRule(SplitKey.SCAN, 0.2, 0.1, 17)))
        .build();
  }
}
