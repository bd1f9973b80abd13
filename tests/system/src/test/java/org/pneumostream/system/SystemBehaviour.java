package org.pneumostream.system;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Behaviour of the system as seen by its users, on any Kafka and registry. Each test has its own
 * topics.
 */
abstract class SystemBehaviour
    implements ScanBehaviour,
        ErasureBehaviour,
        PrivacyBehaviour,
        DeadLetterBehaviour,
        PushedAgainBehaviour,
        ApiBehaviour,
        MetricsBehaviour,
        TraceBehaviour,
        ModelBehaviour {
  @TempDir Path directory;

  abstract String bootstrapServers();

  abstract String registryUrl();

  @Override
  public RunningSystem system(TestInfo test, Map<String, String> more) {
    String prefix = test.getTestMethod().orElseThrow().getName() + ".";
    return new RunningSystem(bootstrapServers(), registryUrl(), prefix, directory, more);
  }

  @Override
  public Path directory() {
    return directory;
  }
}
