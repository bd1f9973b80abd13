package org.pneumostream.phantom;

/**
 * Signed distances in mm, negative inside, and functions to blend them. The anatomy is drawn with
 * these.
 */
final class Geometry {

  private Geometry() {}

  /** To an ellipse about (0, 0) with half axes a and b; exact on the outline, close near it. */
  static double ellipse(double x, double y, double a, double b) {
    double px = x / a;
    double py = y / b;
    double f = Math.sqrt(px * px + py * py);
    if (f < 1e-6) {
      return -Math.min(a, b);
    }
    double gx = px / a;
    double gy = py / b;
    return f * (f - 1) / Math.sqrt(gx * gx + gy * gy);
  }

  /** To an ellipsoid about (0, 0, 0) with half axes a, b and c. */
  static double ellipsoid(double x, double y, double z, double a, double b, double c) {
    double px = x / a;
    double py = y / b;
    double pz = z / c;
    double f = Math.sqrt(px * px + py * py + pz * pz);
    if (f < 1e-6) {
      return -Math.min(a, Math.min(b, c));
    }
    double gx = px / a;
    double gy = py / b;
    double gz = pz / c;
    return f * (f - 1) / Math.sqrt(gx * gx + gy * gy + gz * gz);
  }

  /** Union of two shapes, with the edge between them rounded over k mm. */
  static double union(double a, double b, double k) {
    return -intersection(-a, -b, k);
  }

  /** Intersection of two shapes, with the edge between them rounded over k mm. */
  static double intersection(double a, double b, double k) {
    double h = Math.max(k - Math.abs(a - b), 0) / k;
    return Math.max(a, b) + h * h * k / 4;
  }

  /** Share of a voxel that is inside, if its centre is at this distance: 0 to 1. */
  static double coverage(double distance, double voxel) {
    return Math.max(0, Math.min(1, 0.5 - distance / voxel));
  }

  /** 0 below low, 1 above high, smooth in between. */
  static double step(double low, double high, double value) {
    double t = Math.max(0, Math.min(1, (value - low) / (high - low)));
    return t * t * (3 - 2 * t);
  }

  /** Interpolates from a to b by a share t in [0, 1]. */
  static double mix(double a, double b, double t) {
    return a + (b - a) * t;
  }
}
