package org.pneumostream.standalone;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The crash suite: {@code mvn verify -Pchaos}. */
class CrashChaosIT {
  private static final int SCANS = 300;
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final int STRIKES = 50;
  private static final Duration RECOVERY = Duration.ofSeconds(30);
  private static final int MIN_NEW_LABELS = 40;
  private static final int CALM_SCANS = 40;

  @Test
  @Timeout(1800)
  void faultUponFaultLosesAndRepeatsNothing() throws Exception {
    new CrashRun(CrashRun.anySeed(), SCANS, EVERY, STRIKES, RECOVERY, MIN_NEW_LABELS, CALM_SCANS)
        .run();
  }
}
