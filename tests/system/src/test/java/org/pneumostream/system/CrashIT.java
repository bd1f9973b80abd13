package org.pneumostream.system;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short crash suite: every fault once. */
class CrashIT {
  private static final int SCANS = 40;
  private static final Duration EVERY = Duration.ofMillis(600);
  private static final Duration RECOVERY = Duration.ofSeconds(10);
  private static final Map<String, String> TRAINER = Map.of("min-new-labels", "12");

  @Test
  @Timeout(1800)
  void everyFaultOnceLosesAndRepeatsNothing() throws Exception {
    int strikes = Fault.values().length;
    new CrashRun(CrashRun.anySeed(), SCANS, EVERY, strikes, RECOVERY, TRAINER, 0).run();
  }
}
