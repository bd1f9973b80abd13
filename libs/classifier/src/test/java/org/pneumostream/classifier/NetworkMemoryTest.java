package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.volume.InputShape;

/** A network whose pass asks the engine for more memory than any machine has. */
class NetworkMemoryTest {

  private static final InputShape SHAPE = InputShape.SMALL;

  /** More bytes than any address space has, so that overcommit does not help. */
  private static final Shape TOO_LARGE = new Shape(1L << 58);

  private static final int ANY = Integer.MAX_VALUE;

  private final NDManager manager = TorchEngine.openManager();

  /** Sizes of the batches that the engine was given. */
  private final List<Long> tried = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "8, 8, '8',                   '8'",
    "8, 2, '8 4 2 2 2 2',         '2 2 2 2'",
    "7, 3, '7 3 3 1',             '3 3 1'",
    "5, 1, '5 2 1 1 1 1 1',       '1 1 1 1 1'",
  })
  void halvesBatchThatDoesNotFitAndRemembers(int volumes, int fitting, String first, String then) {
    try (Network network = network(fitting, ANY)) {
      assertThat(network.probabilities(volumes(volumes))).containsExactly(expected(volumes));
      assertThat(tried).containsExactlyElementsOf(sizes(first));

      tried.clear();
      assertThat(network.probabilities(volumes(volumes))).containsExactly(expected(volumes));
      assertThat(tried).containsExactlyElementsOf(sizes(then));
    }
  }

  @Test
  void neverExceedsItsInitialBatchSize() {
    try (Network network = network(ANY, 3)) {
      assertThat(network.probabilities(volumes(7))).containsExactly(expected(7));
      assertThat(tried).containsExactly(3L, 3L, 1L);
    }
  }

  @Test
  void reportsThatNotEvenOneVolumeFits() {
    try (Network network = network(0, ANY)) {
      assertThatThrownBy(() -> network.probabilities(volumes(2)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("one volume of 48x48x48 does not fit the memory of cpu: ")
          .hasMessageContaining("can't allocate memory")
          .hasCauseInstanceOf(EngineException.class);
    }
  }

  @Test
  void freesWhatTheFailedTryHadAllocated() {
    try (Network network = network(1, ANY)) {
      network.probabilities(volumes(4));

      assertThat(manager.getManagedArrays()).isEmpty();
    }
  }

  @Test
  void passesOtherFailuresOn() {
    EngineException other = new EngineException("CUDA error: device-side assert triggered");
    InferencePass failing =
        volumes -> {
          throw other;
        };
    try (Network network = new Network(manager, failing, SHAPE, ANY)) {
      assertThatThrownBy(() -> network.probabilities(volumes(2))).isSameAs(other);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of, true",
    "CUDA error: out of memory,                                                     true",
    "cuDNN error: CUDNN_STATUS_ALLOC_FAILED,                                        true",
    "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`,    true",
    "CUDA error: an illegal memory access was encountered,                          false",
    ",                                                                              false",
  })
  void recognizesTheEnginesOutOfMemoryMessages(String message, boolean outOfMemory) {
    assertThat(TorchEngine.isOutOfMemory(new EngineException(message))).isEqualTo(outOfMemory);
  }

  /**
   * Gives each volume's brightest voxel as its logit; fails like the engine over {@code fitting}
   * volumes.
   */
  private Network network(int fitting, int batchMax) {
    InferencePass pass =
        volumes -> {
          long size = volumes.getShape().get(0);
          tried.add(size);
          NDArray temporary = volumes.mul(1);
          if (size > fitting) {
            temporary.getManager().create(TOO_LARGE);
          }
          return temporary.reshape(size, -1).max(new int[] {1}).toFloatArray();
        };
    return new Network(manager, pass, SHAPE, batchMax);
  }

  /** The first is black, each next one brighter. */
  private static List<short[]> volumes(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            n -> {
              short[] volume = new short[SHAPE.voxels()];
              Arrays.fill(volume, (short) (1000 * n));
              return volume;
            })
        .toList();
  }

  private static float[] expected(int count) {
    float[] logits = new float[count];
    for (int n = 0; n < count; n++) {
      logits[n] = 1000 * n / 65535f;
    }
    return Logits.probabilities(logits);
  }

  private static List<Long> sizes(String text) {
    return Arrays.stream(text.split(" ")).map(Long::valueOf).toList();
  }
}
