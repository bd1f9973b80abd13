package org.pneumostream.phantom;

import java.util.List;

/**
 * A patient's chest as density by position: lungs, soft tissue, bones, and tubes to draw over them.
 */
final class Thorax {

  private final Anatomy anatomy;
  private final Lungs lungs;
  private final SoftTissue softTissue;
  private final Bones bones;
  private final Parenchyma parenchyma;
  private final List<Tube> tubes;

  Thorax(Anatomy anatomy, Densities densities, PhantomFinding finding, SplitMix64 random) {
    this.anatomy = anatomy;
    this.lungs = new Lungs(anatomy);
    this.softTissue = new SoftTissue(anatomy, densities, random);
    this.bones = new Bones(anatomy, densities.bone());
    this.tubes = Tubes.draw(anatomy, densities.blood(), random);
    this.parenchyma = new Parenchyma(anatomy, densities, finding, random);
  }

  /**
   * HU at a position in the patient's own coordinates, before the tubes.
   *
   * @param voxel edge of a voxel in mm, over which outlines are softened
   */
  double at(double x, double y, double z, double voxel) {
    double pleura = lungs.distance(x, y, z);
    if (pleura < -voxel) {
      return parenchyma.at(x, y, z);
    }
    double cage = lungs.cageDistance(x, y, z);
    double tissue = softTissue.at(x, y, z, cage, voxel);
    double hu = bones.over(tissue, x, y, z, cage, voxel);
    return pleura > voxel
        ? hu
        : Geometry.mix(hu, parenchyma.at(x, y, z), Geometry.coverage(pleura, voxel));
  }

  /** Vessels and airways, later ones over earlier ones. */
  List<Tube> tubes() {
    return tubes;
  }

  /** Signed distance to the table's top below a patient without rotation. */
  double tableDistance(double x, double y) {
    double bent = x / 180;
    return Math.abs(y - anatomy.depth() - 9 + 40 * bent * bent) - 2.5;
  }
}
