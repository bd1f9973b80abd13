package org.pneumostream.phantom;

/** Everything around the lungs but bones and tubes: air, table, skin, muscle, heart, abdomen. */
final class SoftTissue {

  private final Anatomy anatomy;
  private final Densities densities;
  private final Lungs lungs;
  private final ValueNoise coarse;
  private final ValueNoise fine;
  private final Vector stomachGas;

  SoftTissue(Anatomy anatomy, Densities densities, SplitMix64 random) {
    this.anatomy = anatomy;
    this.densities = densities;
    this.lungs = new Lungs(anatomy);
    this.coarse = new ValueNoise(random.next(), 40);
    this.fine = new ValueNoise(random.next(), 14);
    this.stomachGas =
        new Vector(
            0.45 * anatomy.cageWidth(0.1),
            anatomy.cageCentre() - random.uniform(25, 40),
            anatomy.domeHeight() * random.uniform(0.15, 0.4));
  }

  /**
   * HU at a position of the patient, before the lungs.
   *
   * @param cage signed distance to the inner wall of the rib cage
   * @param voxel edge of a voxel in mm, over which outlines are softened
   */
  double at(double x, double y, double z, double cage, double voxel) {
    double skin = body(x, y, z);
    if (skin > voxel) {
      return Densities.AIR;
    }
    double fat = anatomy.fat() * (1 + 0.5 * coarse.at(x, y, z));
    double muscle = Densities.MUSCLE + (fine.at(x, y, z) < -0.45 && cage > 9 ? -90 : 0);
    double hu = Geometry.mix(Densities.AIR, 10, Geometry.coverage(skin, voxel));
    hu = Geometry.mix(hu, Densities.FAT, Geometry.coverage(skin + 2, voxel));
    hu = Geometry.mix(hu, muscle, Geometry.coverage(skin + fat, voxel));
    return cage > voxel
        ? hu
        : Geometry.mix(hu, inside(x, y, z, voxel), Geometry.coverage(cage, voxel));
  }

  private double body(double x, double y, double z) {
    double level = anatomy.level(z);
    double px = x / (anatomy.width() * (1 + 0.08 * Geometry.step(0.7, 1, level)));
    double py = y / (anatomy.depth() * (1 - 0.14 * Geometry.step(0.7, 1.05, level)));
    double round = px * px + py * py;
    double square = Math.sqrt(px * px * px * px + py * py * py * py);
    // Chests are between an ellipse and a rounded box; the distance is along the radius.
    double f = 0.5 * (Math.sqrt(round) + Math.sqrt(square));
    return f < 1e-6 ? -anatomy.depth() : (1 - 1 / f) * Math.sqrt(x * x + y * y);
  }

  private double inside(double x, double y, double z, double voxel) {
    double below = z - lungs.diaphragm(x, y, z);
    double hu =
        Geometry.mix(
            mediastinum(x, y, z), abdomen(x, y, z, voxel), Geometry.coverage(below + 4, voxel));
    double heart = lungs.heart(x, y, z);
    hu =
        Geometry.mix(hu, Densities.FAT, Geometry.coverage(heart - 1 - 3 * fine.at(x, y, z), voxel));
    double muscle = 0.35 * densities.blood() + 0.65 * 60;
    hu = Geometry.mix(hu, muscle, Geometry.coverage(heart + 3, voxel));
    return Geometry.mix(
        hu, densities.blood(), Geometry.coverage(heart + 13 + 6 * fine.at(x, y, z), voxel));
  }

  /** Fat with lymph nodes and small vessels in it. */
  private double mediastinum(double x, double y, double z) {
    return Geometry.mix(Densities.FAT, 40, Geometry.step(0, 0.35, fine.at(x, y, z)));
  }

  /** Liver on the right; stomach, with gas in it, and spleen on the left. */
  private double abdomen(double x, double y, double z, double voxel) {
    double left = Geometry.step(-4, 4, x - 18 - 12 * coarse.at(x, y, z));
    double gap = Geometry.step(0.2, 0.3, fine.at(x, y, z));
    double hu = Geometry.mix(Densities.LIVER, Geometry.mix(44, Densities.FAT, gap), left);
    double gas =
        Geometry.ellipsoid(x - stomachGas.x(), y - stomachGas.y(), z - stomachGas.z(), 30, 20, 16);
    hu = Geometry.mix(hu, 40, Geometry.coverage(gas - 4, voxel));
    return Geometry.mix(hu, Densities.AIR + 20, Geometry.coverage(gas, voxel));
  }
}
