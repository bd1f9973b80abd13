package org.pneumostream.training;

import java.util.Map;
import org.pneumostream.schemas.Lineage;

/** An invented lineage. */
public final class TestLineage {
  private TestLineage() {}

  /** With these training settings. */
  public static Lineage of(Map<String, String> settings) {
    return Lineage.newBuilder()
        .setRunId("run-1")
        .setSnapshot(Map.of("0", 20L))
        .setTrainingScans(14)
        .setValidationScans(6)
        .setSeed(7)
        .setSettings(settings)
        .setCodeVersion("0")
        .build();
  }
}
