package org.pneumostream.phantom;

/**
 * Lays a grid of voxels over a patient and measures each.
 *
 * @param size of the grid
 * @param spacing of the voxels in mm along x, y and z
 * @param origin the first voxel's centre, scanner coordinates
 * @param isocentre where the patient's own origin lies, scanner coordinates
 * @param turn of the patient on the table about z, radians
 * @param noiseHu standard deviation of the noise
 * @param noiseSeed another seed, another noise
 */
record Scanner(
    PhantomSize size,
    Vector spacing,
    Vector origin,
    Vector isocentre,
    double turn,
    double noiseHu,
    long noiseSeed) {

  private static final double TABLE_HU = -160;

  /** Chooses field of view, range and position for a patient, the way a technician would. */
  static Scanner draw(Anatomy anatomy, Densities densities, PhantomSize size, SplitMix64 random) {
    double fieldOfView = 2 * anatomy.width() * random.uniform(1.05, 1.2);
    double pixel = fieldOfView / Math.min(size.width(), size.height());
    double bottom = random.uniform(-14, 6);
    double top = anatomy.lungHeight() + random.uniform(-4, 22);
    double slice = (top - bottom) / (size.depth() - 1);
    Vector spacing = new Vector(round(pixel), round(pixel), round(slice));
    Vector origin =
        new Vector(
            -spacing.x() * (size.width() - 1) / 2, -spacing.y() * (size.height() - 1) / 2, bottom);
    Vector isocentre = new Vector(random.uniform(-9, 9), random.uniform(-14, 2), 0);
    return new Scanner(
        size,
        spacing,
        origin,
        isocentre,
        random.uniform(-0.08, 0.08),
        densities.noise(),
        random.next());
  }

  /** Voxels in HU, x fastest. */
  short[] scan(Thorax thorax) {
    int plane = size.width() * size.height();
    short[] voxels = new short[plane * size.depth()];
    double[] slice = new double[plane];
    for (int k = 0; k < size.depth(); k++) {
      double z = origin.z() + k * spacing.z();
      fill(slice, z, thorax);
      for (Tube tube : thorax.tubes()) {
        paint(tube, slice, z);
      }
      for (int i = 0; i < plane; i++) {
        long index = (long) k * plane + i;
        double hu = slice[i] + noiseHu * SplitMix64.normal(noiseSeed + index);
        voxels[(int) index] = (short) Math.round(Math.max(-1024, Math.min(3071, hu)));
      }
    }
    return voxels;
  }

  private void fill(double[] slice, double z, Thorax thorax) {
    double cos = StrictMath.cos(turn);
    double sin = StrictMath.sin(turn);
    int i = 0;
    for (int row = 0; row < size.height(); row++) {
      double dy = origin.y() + row * spacing.y() - isocentre.y();
      for (int column = 0; column < size.width(); column++) {
        double dx = origin.x() + column * spacing.x() - isocentre.x();
        double table = thorax.tableDistance(dx, dy);
        double hu = thorax.at(cos * dx + sin * dy, cos * dy - sin * dx, z, spacing.x());
        slice[i++] =
            Math.max(
                hu, Geometry.mix(Densities.AIR, TABLE_HU, Geometry.coverage(table, spacing.x())));
      }
    }
  }

  private void paint(Tube tube, double[] slice, double z) {
    double voxel = spacing.x();
    double margin = tube.widest() + voxel;
    if (z < Math.min(tube.from().z(), tube.to().z()) - margin
        || z > Math.max(tube.from().z(), tube.to().z()) + margin) {
      return;
    }
    double cos = StrictMath.cos(turn);
    double sin = StrictMath.sin(turn);
    Tube turned =
        new Tube(
            turned(tube.from(), cos, sin),
            turned(tube.to(), cos, sin),
            tube.fromRadius(),
            tube.toRadius(),
            tube.hu());
    int firstColumn = column(Math.min(turned.from().x(), turned.to().x()) - margin, 0);
    int lastColumn = column(Math.max(turned.from().x(), turned.to().x()) + margin, 1);
    int firstRow = row(Math.min(turned.from().y(), turned.to().y()) - margin, 0);
    int lastRow = row(Math.max(turned.from().y(), turned.to().y()) + margin, 1);
    for (int row = firstRow; row <= lastRow; row++) {
      for (int column = firstColumn; column <= lastColumn; column++) {
        Vector place =
            new Vector(origin.x() + column * spacing.x(), origin.y() + row * spacing.y(), z);
        double along = turned.along(place);
        double radius = turned.radius(along);
        // A vessel thinner than a voxel shows as a fainter one of a voxel's width.
        double shown = Math.max(radius, voxel / 2);
        double cover =
            Geometry.coverage(turned.axisDistance(place, along) - shown, voxel)
                * (radius * radius / (shown * shown));
        int i = row * size.width() + column;
        slice[i] = Geometry.mix(slice[i], tube.hu(), cover);
      }
    }
  }

  private Vector turned(Vector place, double cos, double sin) {
    return new Vector(
        isocentre.x() + cos * place.x() - sin * place.y(),
        isocentre.y() + cos * place.y() + sin * place.x(),
        place.z());
  }

  private int column(double x, int more) {
    int column = (int) Math.floor((x - origin.x()) / spacing.x()) + more;
    return Math.max(0, Math.min(size.width() - 1, column));
  }

  private int row(double y, int more) {
    int row = (int) Math.floor((y - origin.y()) / spacing.y()) + more;
    return Math.max(0, Math.min(size.height() - 1, row));
  }

  /** To a thousandth of a millimetre, so that header and grid agree. */
  private static double round(double mm) {
    return Math.rint(mm * 1000) / 1000;
  }
}
