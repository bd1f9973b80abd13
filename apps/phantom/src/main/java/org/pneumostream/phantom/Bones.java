package org.pneumostream.phantom;

/** Ribs, shoulder blades, sternum and spine. */
record Bones(Anatomy anatomy, double corticalHu) {

  private static final double MARROW_HU = 230;
  private static final double CARTILAGE_HU = 130;

  /**
   * Draws the bones over the tissue at one place.
   *
   * @param tissue HU without bones
   * @param cage signed distance to the inner wall of the rib cage
   * @param voxel edge of a voxel in mm, over which outlines are softened
   * @return HU with bones
   */
  double over(double tissue, double x, double y, double z, double cage, double voxel) {
    double hu = tissue;
    if (cage > -1 && cage < 24) {
      hu = overRibs(hu, x, y, z, cage, voxel);
    }
    if (Math.abs(x) < 34) {
      if (y > anatomy.spineCentre() - 20) {
        hu = overSpine(hu, x, y - anatomy.spineCentre(), z, voxel);
      } else if (cage > -4) {
        hu = overSternum(hu, x, y, z, voxel);
      }
    }
    return hu;
  }

  private double overRibs(double tissue, double x, double y, double z, double cage, double voxel) {
    // 0 at the spine, 1 at the sternum.
    double around =
        StrictMath.atan2(
                Math.abs(x) / anatomy.cageWidth(0.3),
                (y - anatomy.cageCentre()) / anatomy.cageDepth(0.3))
            / Math.PI;
    double pitch = anatomy.ribPitch();
    double along = (z + anatomy.ribDrop() * Geometry.step(0.05, 1, around)) / pitch;
    double fromCentre = (along - Math.floor(along) - 0.5) * pitch;
    double rib = Geometry.ellipse(cage - 6, fromCentre, 4.2, 6.2);
    double hu = tissue;
    if (around > 0.06 && z < anatomy.lungHeight() + 10) {
      double wall = around > 0.8 ? CARTILAGE_HU : corticalHu;
      hu = shell(hu, rib, 1.6, wall, around > 0.8 ? CARTILAGE_HU : MARROW_HU, voxel);
    }
    double level = anatomy.level(z);
    if (around > 0.14 && around < 0.40 && level > 0.5) {
      double edge = Math.min(Math.min(around - 0.14, 0.40 - around) * 250, (level - 0.5) * 100);
      double blade =
          Math.max(Math.abs(cage - 18 - 3 * Geometry.step(0.14, 0.4, around)) - 2.6, -edge);
      hu = shell(hu, blade, 1.4, corticalHu * 0.8, MARROW_HU, voxel);
    }
    return hu;
  }

  private double overSternum(double tissue, double x, double y, double z, double voxel) {
    double level = anatomy.level(z);
    double front = anatomy.cageCentre() - anatomy.cageDepth(level) - 6;
    double ends = Math.max(0.38 - level, level - 0.88) * anatomy.lungHeight();
    double bone = Math.max(Geometry.ellipse(x, y - front, 17, 6), ends);
    return shell(tissue, bone, 1.5, corticalHu * 0.7, MARROW_HU * 0.7, voxel);
  }

  /** Vertebral body, arch around the canal, and processes; y is measured from the body's middle. */
  private double overSpine(double tissue, double x, double y, double z, double voxel) {
    double pitch = anatomy.ribPitch();
    double along = z / pitch - Math.floor(z / pitch);
    boolean disc = along < 0.2;
    double body = Geometry.ellipse(x, y, 19, 15);
    double hu = shell(tissue, body, 2, disc ? 100 : corticalHu, disc ? 85 : MARROW_HU, voxel);
    double canal = Geometry.ellipse(x, y - 23, 9.5, 8.5);
    double arch = disc ? Math.abs(canal - 2) - 1 : Math.abs(canal - 3) - 2.6;
    hu = shell(hu, Math.max(arch, -body), 1.5, corticalHu, MARROW_HU, voxel);
    hu = Geometry.mix(hu, 25, Geometry.coverage(canal, voxel));
    if (!disc) {
      double spinous = Geometry.ellipse(x, y - 40, 3.5, 9);
      double transverse = Geometry.ellipse(Math.abs(x) - 23, y - 18, 13, 4.5);
      hu = shell(hu, Math.min(spinous, transverse), 1.5, corticalHu * 0.8, MARROW_HU, voxel);
    }
    return hu;
  }

  /** A solid of marrow within a wall of cortical bone. */
  private static double shell(
      double outside, double distance, double wall, double wallHu, double insideHu, double voxel) {
    if (distance > voxel) {
      return outside;
    }
    double hu = Geometry.mix(outside, wallHu, Geometry.coverage(distance, voxel));
    return Geometry.mix(hu, insideHu, Geometry.coverage(distance + wall, voxel));
  }
}
