package org.pneumostream.classifier;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Takes BatchNorm with frozen statistics out of the network, exactly.
 *
 * <p>It maps each channel c to {@code scale[c] · x + shift[c]}, and what follows it is linear: the
 * next block's convolution, which sees no padding, or the average pool and the first dense layer.
 * So that layer's kernel takes up the scale and its bias the shift.
 */
final class BatchNormFolding {

  private BatchNormFolding() {}

  /** Kernels and biases by name, as in the file; the tensors of {@code norm} are gone. */
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

  /** The kernel is (out, in, taps); in is the number of channels that BatchNorm saw. */
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
