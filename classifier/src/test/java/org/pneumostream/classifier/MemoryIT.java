package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Native memory does not grow with the number of scans scored or steps made. */
class MemoryIT {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int SCANS = 500;
  private static final int STEPS = 200;

  /** What the second half may still take: 42 MiB, the voxels of one volume a step. */
  private static final long SLACK_BYTES =
      (long) STEPS / 2 * Float.BYTES * InputShape.SMALL.voxels();

  @Test
  void isFlatOverFiveHundredScans() throws IOException {
    short[] volume = new short[InputShape.SMALL.voxels()];
    Arrays.fill(volume, (short) 20_000);
    try (Network network = Network.load(ModelWeights.initial(1), InputShape.SMALL)) {
      assertFlat(SCANS, () -> network.probabilities(List.of(volume)));
    }
  }

  @Test
  void isFlatOverTwoHundredSteps() throws IOException {
    float[] dark = new float[InputShape.SMALL.voxels()];
    float[] bright = dark.clone();
    Arrays.fill(bright, 0.5f);
    boolean[] abnormal = {false, true};
    try (Learner learner =
        Learner.start(ModelWeights.initial(1), InputShape.SMALL, LearnerSettings.reference(1))) {
      assertFlat(STEPS, () -> learner.step(List.of(dark, bright), abnormal));
    }
  }

  /**
   * The allocator goes on finding its sizes for some dozens of calls, by steps that end. A leak
   * does not end, so the second half tells it.
   */
  private static void assertFlat(int times, Runnable work) throws IOException {
    assumeThat(STATUS).as("Linux's account of this process").exists();
    int half = times / 2;
    long afterHalf = residentBytesAfter(half, work);
    long atEnd = residentBytesAfter(times - half, work);
    assertThat(atEnd - afterHalf)
        .as("growth over the last %d calls", times - half)
        .isLessThan(SLACK_BYTES);
  }

  private static long residentBytesAfter(int times, Runnable work) throws IOException {
    for (int i = 0; i < times; i++) {
      work.run();
    }
    // The buffers that carry voxels to the engine go with their Java objects.
    System.gc();
    return residentBytes();
  }

  private static long residentBytes() throws IOException {
    try (Stream<String> lines = Files.lines(STATUS)) {
      String resident = lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(resident.replaceAll("\\D", "")) << 10;
    }
  }
}
