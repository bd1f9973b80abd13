package org.pneumostream.phantom;

/** The lungs: the inside of the rib cage without mediastinum, spine and diaphragm. */
record Lungs(Anatomy anatomy) {

  /**
   * Signed distance to the pleura in mm, negative inside either lung; most accurate near the
   * pleura.
   */
  double distance(double x, double y, double z) {
    double cage = cageDistance(x, y, z) + 2;
    double low = diaphragm(x, y, z) - z;
    double outside = Math.max(cage, Math.max(low, z - anatomy.lungHeight()));
    if (outside > 12) {
      return outside;
    }
    double distance = Geometry.intersection(cage, -mediastinum(x, y, z), 10);
    distance = Geometry.intersection(distance, 0.8 * low, 8);
    return Geometry.intersection(distance, z - anatomy.lungHeight(), 16);
  }

  /** Signed distance to the inner wall of the rib cage, negative inside. */
  double cageDistance(double x, double y, double z) {
    double level = anatomy.level(z);
    return Geometry.ellipse(
        x, y - anatomy.cageCentre(), anatomy.cageWidth(level), anatomy.cageDepth(level));
  }

  /**
   * Height of the diaphragm above the lungs' lowest point: a dome on each side, the right higher.
   */
  double diaphragm(double x, double y, double z) {
    double wide = anatomy.cageWidth(0.2);
    double deep = anatomy.cageDepth(0.2);
    double peak = anatomy.domeHeight() * (x < 0 ? 1 : 0.86);
    double dx = (Math.abs(x) - 0.45 * wide) / (0.75 * wide);
    double dy = (y - anatomy.cageCentre() + 0.18 * deep) / (1.15 * deep);
    return Math.max(0, peak * (1 - dx * dx - dy * dy));
  }

  /** Signed distance to the heart, negative inside. */
  double heart(double x, double y, double z) {
    double size = anatomy.heartSize();
    return Geometry.ellipsoid(
        x - 20 * size - 0.15 * (anatomy.domeHeight() + 42 * size - z),
        y - anatomy.cageCentre() + 0.30 * anatomy.cageDepth(0.3),
        z - anatomy.domeHeight() * 0.75 - 42 * size,
        50 * size,
        40 * size,
        54 * size);
  }

  private double mediastinum(double x, double y, double z) {
    double deep = anatomy.cageDepth(0.3);
    double back = y - anatomy.cageCentre();
    double level = anatomy.level(z);
    // The lungs almost meet behind the sternum; above the heart the great vessels separate them.
    double half =
        Geometry.mix(
            5, 19 + 9 * Geometry.step(0.62, 0.9, level), Geometry.step(-0.8, -0.3, back / deep));
    double hilum =
        Geometry.ellipsoid(Math.abs(x) - 22, back - 2, z - 0.47 * anatomy.lungHeight(), 17, 17, 26);
    double spine = Geometry.ellipse(x, y - anatomy.spineCentre(), 25, 21);
    double aorta = Geometry.ellipse(x - 21, y - anatomy.spineCentre() + 21, 15, 15);
    double column = Geometry.union(Geometry.union(Math.abs(x) - half, spine, 10), aorta, 8);
    return Geometry.union(Geometry.union(column, hilum, 10), heart(x, y, z) - 3, 10);
  }
}
