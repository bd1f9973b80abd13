package org.pneumostream.system;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.TestInfo;

/** Where a test of the system gets it from. */
interface SystemUnderTest {

  /** A system with topics of the test's own, not started. */
  RunningSystem system(TestInfo test, Map<String, String> more);

  /** A folder of the test's own. */
  Path directory();
}
