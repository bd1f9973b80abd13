package org.pneumostream.classifier;

import java.util.ArrayList;
import java.util.List;
import org.pneumostream.volume.InputShape;

/**
 * The 3D CNN of the Keras example "3D image classification from CT scans", after Zunair et al.
 * 2020, "Uniformizing Techniques to Process CT scans with 3D CNNs for Tuberculosis Prediction".
 *
 * <p>Input (N, 1, W, H, D); four blocks of Conv3D 3×3×3 valid → ReLU → MaxPool 2 → BatchNorm;
 * global average pooling; dense 512 with ReLU; dropout; dense 1, whose sigmoid is the probability
 * of ABNORMAL.
 */
final class Architecture {

  /** Output channels of each block's convolution, in order. */
  static final List<Integer> FILTERS = List.of(64, 64, 128, 256);

  static final int BLOCKS = FILTERS.size();

  /** Kernel size of every convolution along each axis; there is no padding. */
  static final int KERNEL = 3;

  /** Window and stride of every pool along each axis; an incomplete window is dropped. */
  static final int POOL = 2;

  /** Width of the hidden dense layer. */
  static final int HIDDEN = 512;

  /** Keras' default; PyTorch's would be 1e-5. */
  static final float NORM_EPSILON = 1e-3f;

  /** The weights in the order of the file. */
  static final List<TensorSpec> TENSORS = tensors();

  private Architecture() {}

  /** Prefix of the tensor names of block {@code block} (from 1). */
  static String blockPrefix(int block) {
    return "block" + block + ".";
  }

  /** Whether the optimizer changes the tensor: true for all but BatchNorm's running statistics. */
  static boolean isTrainable(TensorSpec tensor) {
    return !tensor.name().contains(".running_");
  }

  /**
   * Shape of block {@code block}'s output (channels, W, H, D) for one volume. Along each axis n
   * voxels become (n − 2) / 2, rounded down.
   */
  static List<Integer> blockOutput(int block, InputShape input) {
    int width = input.width();
    int height = input.height();
    int depth = input.depth();
    for (int b = 1; b <= block; b++) {
      width = pooled(width);
      height = pooled(height);
      depth = pooled(depth);
    }
    return List.of(FILTERS.get(block - 1), width, height, depth);
  }

  private static int pooled(int voxels) {
    return (voxels - (KERNEL - 1)) / POOL;
  }

  private static List<TensorSpec> tensors() {
    List<TensorSpec> tensors = new ArrayList<>();
    int in = 1;
    for (int block = 1; block <= FILTERS.size(); block++) {
      String prefix = blockPrefix(block);
      int out = FILTERS.get(block - 1);
      tensors.add(TensorSpec.of(prefix + "conv.weight", out, in, KERNEL, KERNEL, KERNEL));
      tensors.add(TensorSpec.of(prefix + "conv.bias", out));
      tensors.add(TensorSpec.of(prefix + "norm.weight", out));
      tensors.add(TensorSpec.of(prefix + "norm.bias", out));
      tensors.add(TensorSpec.of(prefix + "norm.running_mean", out));
      tensors.add(TensorSpec.of(prefix + "norm.running_var", out));
      in = out;
    }
    tensors.add(TensorSpec.of("dense1.weight", HIDDEN, in));
    tensors.add(TensorSpec.of("dense1.bias", HIDDEN));
    tensors.add(TensorSpec.of("dense2.weight", 1, HIDDEN));
    tensors.add(TensorSpec.of("dense2.bias", 1));
    return List.copyOf(tensors);
  }
}
