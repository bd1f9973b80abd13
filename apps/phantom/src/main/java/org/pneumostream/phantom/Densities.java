package org.pneumostream.phantom;

/**
 * Densities of one patient's tissues, in HU. The distribution is the same for normal and abnormal
 * phantoms.
 *
 * @param lung aerated lung: about −900 in deep inspiration, −780 breathed out
 * @param gradient how much denser the lung is at the back than at the front, from its own weight
 * @param texture unevenness of the lung
 * @param blood about 45, more with contrast agent
 * @param bone cortical bone
 * @param noise standard deviation of the scanner's noise
 * @param opacified share of the lungs' voxels that are denser than aerated lung, 0 to 1
 */
record Densities(
    double lung,
    double gradient,
    double texture,
    double blood,
    double bone,
    double noise,
    double opacified) {

  static final double AIR = -1000;
  static final double FAT = -95;
  static final double MUSCLE = 50;
  static final double LIVER = 62;

  static Densities draw(SplitMix64 random) {
    return new Densities(
        random.uniform(-900, -800),
        random.uniform(10, 50),
        random.uniform(12, 30),
        random.chance(0.35) ? random.uniform(110, 260) : random.uniform(35, 55),
        random.uniform(480, 750),
        random.uniform(10, 38),
        random.uniform(0.09, 0.24));
  }
}
