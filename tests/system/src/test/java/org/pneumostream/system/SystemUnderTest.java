package org.pneumostream.system;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.TestInfo;

/** Supplies the system to a test. */
interface SystemUnderTest {

  /** A system with topics of its own, not started. */
  RunningSystem system(TestInfo test, Map<String, String> more);

  /** A folder for this test only. */
  Path directory();
}
