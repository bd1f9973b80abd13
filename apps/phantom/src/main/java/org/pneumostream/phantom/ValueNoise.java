package org.pneumostream.phantom;

/**
 * Smooth random texture: hashed values on a cubic lattice, interpolated in between.
 *
 * @param seed determines the texture
 * @param cellMm edge of a lattice cell in mm, about the size of the texture's features
 */
record ValueNoise(long seed, double cellMm) {

  /** The texture at a place in mm, in [-1, 1]. */
  double at(double x, double y, double z) {
    double cx = x / cellMm;
    double cy = y / cellMm;
    double cz = z / cellMm;
    int i = (int) Math.floor(cx);
    int j = (int) Math.floor(cy);
    int k = (int) Math.floor(cz);
    double u = smooth(cx - i);
    double v = smooth(cy - j);
    double w = smooth(cz - k);
    double near = mix(row(i, j, k, u), row(i, j + 1, k, u), v);
    double far = mix(row(i, j, k + 1, u), row(i, j + 1, k + 1, u), v);
    return mix(near, far, w);
  }

  private double row(int i, int j, int k, double u) {
    return mix(corner(i, j, k), corner(i + 1, j, k), u);
  }

  private double corner(int i, int j, int k) {
    long place = seed + i * 0x9E3779B97F4A7C15L + j * 0xC2B2AE3D27D4EB4FL + k * 0x165667B19E3779F9L;
    return (SplitMix64.mix(place) >> 11) * 0x1.0p-52;
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }

  private static double mix(double a, double b, double t) {
    return a + (b - a) * t;
  }
}
