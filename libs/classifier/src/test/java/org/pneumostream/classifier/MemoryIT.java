package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pneumostream.classifier.NativeResources.assertNothingLeftBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pneumostream.volume.InputShape;

/** Scoring and training leak nothing: no array, no direct buffer, no open file. */
class MemoryIT {
  private static final int SCANS = 30;
  private static final int STEPS = 10;
  private static final boolean[] LABELS = {false, true};

  private int atFirst;

  @BeforeEach
  void count() {
    atFirst = NativeArrays.alive();
  }

  @AfterEach
  void closingFreesEveryArray() {
    assertThat(NativeArrays.alive()).isEqualTo(atFirst);
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void scansLeaveNothingBehind(Execution execution) throws Exception {
    short[] volume = new short[InputShape.SMALL.voxels()];
    Arrays.fill(volume, (short) 20_000);
    try (Network network = Network.load(ModelWeights.initial(1), InputShape.SMALL, execution)) {
      assertNothingLeftBy(SCANS, () -> network.probabilities(List.of(volume, volume)));
    }
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void stepsLeaveNothingBehind(Execution execution) throws Exception {
    float[] dark = new float[InputShape.SMALL.voxels()];
    float[] bright = dark.clone();
    Arrays.fill(bright, 0.5f);
    List<float[]> volumes = List.of(dark, bright);
    LearnerState start = LearnerState.before(ModelWeights.initial(1));
    try (Learner learner =
        Learner.resume(start, InputShape.SMALL, LearnerSettings.reference(1), execution)) {
      assertNothingLeftBy(
          STEPS,
          () -> {
            learner.step(volumes, LABELS);
            // Replaces the network of the step before.
            learner.probabilities(List.of(bright));
            learner.state();
          });
    }
  }

  @Test
  void loadedAndClosedNetworksLeaveNothingBehind() throws Exception {
    ModelWeights weights = ModelWeights.initial(1);
    assertNothingLeftBy(STEPS, () -> Network.load(weights, InputShape.SMALL).close());
  }

  /** Counts no leak for 64 MiB that a call allocates and frees, whatever the allocator keeps. */
  @Test
  void freedMemoryIsNotALeak() throws Exception {
    try (NDManager manager = TorchEngine.openManager()) {
      assertNothingLeftBy(STEPS, () -> manager.zeros(new Shape(1 << 24)).close());
    }
  }

  @Test
  void oneArrayLeftBehindIsALeak() {
    try (NDManager manager = TorchEngine.openManager()) {
      NDArray one = manager.ones(new Shape(1));
      assertThatThrownBy(() -> assertNothingLeftBy(1, () -> one.add(one)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("native arrays after 1 calls")
          .hasMessageContaining("expected: 4")
          .hasMessageContaining("but was: 5");
    }
  }

  @Test
  void oneDirectBufferLeftBehindIsALeak() {
    List<ByteBuffer> buffers = new ArrayList<>();
    assertThatThrownBy(
            () -> assertNothingLeftBy(1, () -> buffers.add(ByteBuffer.allocateDirect(1))))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("direct buffers after 1 calls");
  }

  @Test
  void oneFileLeftOpenIsALeak(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    List<InputStream> files = new ArrayList<>();
    assertThatThrownBy(() -> assertNothingLeftBy(1, () -> files.add(open(file))))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("open files after 1 calls");
    for (InputStream open : files) {
      open.close();
    }
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aNetworkLeftOpenIsALeak() {
    List<Network> open = new ArrayList<>();
    ModelWeights weights = ModelWeights.initial(1);
    assertThatThrownBy(
            () -> assertNothingLeftBy(1, () -> open.add(Network.load(weights, InputShape.SMALL))))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("native arrays after 1 calls");
    open.forEach(Network::close);
  }
}
