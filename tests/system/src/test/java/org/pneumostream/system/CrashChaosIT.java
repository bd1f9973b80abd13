package org.pneumostream.system;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The crash suite: {@code mvn verify -Pchaos}. */
class CrashChaosIT {
  private static final int SCANS = 300;
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final int STRIKES = 50;
  private static final Duration RECOVERY = Duration.ofSeconds(30);

  /** Trains on few of the scans: the run only has to begin, be killed and resume. */
  private static final Map<String, String> TRAINER =
      Map.of("min-new-labels", "40", "holdout-fraction", "0.8", "train-validation-fraction", "0.1");

  private static final int CALM_SCANS = 40;

  @Test
  @Timeout(3600)
  void faultUponFaultLosesAndRepeatsNothing() throws Exception {
    new CrashRun(CrashRun.anySeed(), SCANS, EVERY, STRIKES, RECOVERY, TRAINER, CALM_SCANS).run();
  }
}
