package org.pneumostream.phantom;

/**
 * Steele, Lea and Flood's SplitMix64, implemented here so that a seed gives the same phantom on
 * every Java version. The library's generators may change their algorithm, and how they fill a
 * range, between releases.
 */
final class SplitMix64 {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SplitMix64(long seed) {
    this.state = seed;
  }

  /** A well-mixed value for each input: the generator's output function alone. */
  static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  /**
   * About normally distributed, mean 0, standard deviation 1, for each input: the sum of the four
   * 16-bit parts of {@link #mix}, within ±3.5.
   */
  static double normal(long z) {
    long bits = mix(z);
    long sum =
        (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48 & 0xFFFF);
    // Four uniform parts have mean 2 and variance 1/3.
    return (sum / 65536.0 - 2) * 1.7320508075688772;
  }

  long next() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in [low, high). */
  double uniform(double low, double high) {
    return low + (high - low) * ((next() >>> 11) * 0x1.0p-53);
  }

  /** Uniform among 0, …, n − 1. */
  int below(int n) {
    return (int) uniform(0, n);
  }

  /** True with the given probability. */
  boolean chance(double probability) {
    return uniform(0, 1) < probability;
  }

  /** About normally distributed. */
  double normal(double mean, double deviation) {
    return mean + deviation * normal(next());
  }
}
