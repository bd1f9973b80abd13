package org.pneumostream.standalone;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The crash suite: {@code mvn verify -Pchaos}. */
class CrashChaosIT {
  @Test
  @Timeout(1800)
  void aDayOfFaultsLosesAndRepeatsNothing() throws Exception {
    new CrashRun(CrashRun.anySeed(), 300, 60, Duration.ofMillis(1500), 40, 40).run();
  }
}
