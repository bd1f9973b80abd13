package org.pneumostream.classifier;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Folds BatchNorm with frozen statistics into the next layer, exactly.
 *
 * <p>BatchNorm maps each channel c to {@code scale[c] · x + shift[c]}, and the next layer is
 * linear: the next block's convolution, which has no padding, or the average pool and the first
 * dense layer. So the scale can move into that layer's kernel and the shift into its bias.
 */
final class BatchNormFolding {

  private BatchNormFolding() {}

  /** Kernels and biases by name, as in the file, without the tensors of {@code norm}. */
  static Map<String, float[]> fold(ModelWeights weights) {
    Map<String, float[]> folded = new LinkedHashMap<>();
    for (int block = 1; block <= Architecture.BLOCKS; block++) {
      copy(weights, Architecture.blockPrefix(block) + "conv", folded);
    }
    copy(weights, "dense1", folded);
    copy(weights, "dense2", folded);
    for (int block = 1; block <= Architecture.BLOCKS; block++) {
      boolean last = block == Architecture.BLOCKS;
      String next = last ? "dense1" : Architecture.blockPrefix(block + 1) + "conv";
      foldInto(
          Objects.requireNonNull(folded.get(next + ".weight")),
          Objects.requireNonNull(folded.get(next + ".bias")),
          weights,
          Architecture.blockPrefix(block) + "norm.");
    }
    return folded;
  }

  private static void copy(ModelWeights weights, String layer, Map<String, float[]> folded) {
    for (String name : new String[] {layer + ".weight", layer + ".bias"}) {
      folded.put(name, weights.tensor(name));
    }
  }

  /** The kernel is (out, in, taps); in is BatchNorm's number of channels. */
  private static void foldInto(float[] kernel, float[] bias, ModelWeights weights, String norm) {
    float[] gamma = weights.tensor(norm + "weight");
    float[] beta = weights.tensor(norm + "bias");
    float[] mean = weights.tensor(norm + "running_mean");
    float[] variance = weights.tensor(norm + "running_var");
    int in = gamma.length;
    int taps = kernel.length / bias.length / in;
    for (int o = 0; o < bias.length; o++) {
      double shifted = bias[o];
      for (int c = 0; c < in; c++) {
        double scale = gamma[c] / Math.sqrt(variance[c] + Architecture.NORM_EPSILON);
        double shift = beta[c] - mean[c] * scale;
        for (int i = (o * in + c) * taps; i < (o * in + c + 1) * taps; i++) {
          shifted += kernel[i] * shift;
          kernel[i] = (float) (kernel[i] * scale);
        }
      }
      bias[o] = (float) shifted;
    }
  }
}
