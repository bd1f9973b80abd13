package org.pneumostream.phantom;

import java.util.List;

/**
 * Lays a grid of voxels over a patient and measures each voxel.
 *
 * @param size of the grid
 * @param spacing of the voxels in mm along x, y and z
 * @param origin the first voxel's centre, scanner coordinates
 * @param isocentre the patient's own origin, scanner coordinates
 * @param turn rotation of the patient on the table about z, radians
 * @param noiseHu standard deviation of the noise
 * @param noiseSeed seed of the noise
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

  /** Chooses field of view, range and position for a patient, as a technician would. */
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
    List<Tube> tubes = thorax.tubes().stream().map(this::turned).toList();
    for (int k = 0; k < size.depth(); k++) {
      double z = origin.z() + k * spacing.z();
      fill(slice, z, thorax);
      for (Tube tube : tubes) {
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
    double margin = tube.widest() + spacing.x();
    double half = spacing.z() / 2;
    if (z + half < Math.min(tube.from().z(), tube.to().z()) - margin
        || z - half > Math.max(tube.from().z(), tube.to().z()) + margin) {
      return;
    }
    int firstColumn = column(Math.min(tube.from().x(), tube.to().x()) - margin, 0);
    int lastColumn = column(Math.max(tube.from().x(), tube.to().x()) + margin, 1);
    int firstRow = row(Math.min(tube.from().y(), tube.to().y()) - margin, 0);
    int lastRow = row(Math.max(tube.from().y(), tube.to().y()) + margin, 1);
    for (int row = firstRow; row <= lastRow; row++) {
      for (int column = firstColumn; column <= lastColumn; column++) {
        Vector place =
            new Vector(origin.x() + column * spacing.x(), origin.y() + row * spacing.y(), z);
        int i = row * size.width() + column;
        slice[i] = Geometry.mix(slice[i], tube.hu(), cover(tube, place));
      }
    }
  }

  /** Share of a voxel that a tube fills; the tube may pass anywhere through the slice. */
  private double cover(Tube tube, Vector place) {
    double half = spacing.z() / 2;
    double nearest = tube.at(tube.along(place)).z();
    double z = Math.max(place.z() - half, Math.min(place.z() + half, nearest));
    Vector inSlice = new Vector(place.x(), place.y(), z);
    double along = tube.along(inSlice);
    double radius = tube.radius(along);
    // A vessel thinner than a voxel appears as a fainter one of a voxel's width.
    double shown = Math.max(radius, spacing.x() / 2);
    double inPlane = radius * radius / (shown * shown);
    double acrossSlice = Math.min(1, radius / half + tube.steepness());
    double outline = tube.axisDistance(inSlice, along) - shown;
    return Geometry.coverage(outline, spacing.x()) * inPlane * acrossSlice;
  }

  /** Converts the patient's coordinates to the scanner's. */
  private Tube turned(Tube tube) {
    return new Tube(
        turned(tube.from()), turned(tube.to()), tube.fromRadius(), tube.toRadius(), tube.hu());
  }

  private Vector turned(Vector place) {
    double cos = StrictMath.cos(turn);
    double sin = StrictMath.sin(turn);
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

  /** Rounds to a thousandth of a millimetre, so that header and grid agree. */
  private static double round(double mm) {
    return Math.rint(mm * 1000) / 1000;
  }
}
