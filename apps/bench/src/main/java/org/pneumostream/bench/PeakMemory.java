package org.pneumostream.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.pneumostream.classifier.EngineEnvironment;
import org.pneumostream.classifier.Execution;
import org.pneumostream.classifier.Workload;
import org.pneumostream.runtime.ResidentMemory;
import org.pneumostream.volume.InputShape;

/**
 * The peak native memory of scoring or training, in addition to the engine's own, in a separate
 * JVM. Its heap is allocated at start, so that only native memory grows. The allocator is
 * configured as by the launcher, so it keeps freed memory.
 */
final class PeakMemory {
  /** Enough for buffers that are freed late and reused. */
  private static final int RUNS = 3;

  private static final int HEAP_MB = 128;

  /** Two volumes as fixed point and as floats, with room to spare. */
  private static final int HEAP_BYTES_PER_VOXEL = 16;

  private PeakMemory() {}

  /**
   * Measures.
   *
   * @param work {@code score} or {@code train}
   * @param execution how the network is computed
   * @return MB of 10^6 bytes
   */
  static double megabytes(String work, InputShape shape, Execution execution) throws IOException {
    long heap = HEAP_MB + (HEAP_BYTES_PER_VOXEL * (long) shape.voxels() >> 20);
    List<String> options =
        List.of(
            "-Xms" + heap + "m", "-Xmx" + heap + "m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");
    ProcessBuilder builder =
        ChildJvm.of(PeakMemory.class, options, work, shape.toString(), execution.name());
    Map<String, String> environment = builder.environment();
    EngineEnvironment.VARIABLES.forEach(environment::putIfAbsent);
    Process child = builder.start();
    try (BufferedReader answers = child.inputReader(StandardCharsets.UTF_8)) {
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException("the child process that measures memory has ended");
      }
      return Long.parseLong(answer) / 1e6;
    }
  }

  /** The child's main method. */
  public static void main(String[] arguments) throws IOException {
    Workload.startEngine();
    long before = ResidentMemory.peakBytes();
    try (NetworkWork work =
        NetworkWork.of(
            arguments[0], InputShape.parse(arguments[1]), Execution.valueOf(arguments[2]))) {
      for (int run = 0; run < RUNS; run++) {
        work.run();
      }
    }
    System.out.println(ResidentMemory.peakBytes() - before);
  }
}
