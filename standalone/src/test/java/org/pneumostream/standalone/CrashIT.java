package org.pneumostream.standalone;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The crash suite, short: every fault once. */
class CrashIT {
  @Test
  @Timeout(600)
  void everyFaultOnceLosesAndRepeatsNothing() throws Exception {
    new CrashRun(CrashRun.anySeed(), 40, 8, Duration.ofMillis(900), Fault.values().length, 12)
        .run();
  }
}
