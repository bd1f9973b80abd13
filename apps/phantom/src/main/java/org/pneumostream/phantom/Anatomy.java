package org.pneumostream.phantom;

/**
 * One patient's anatomy. Lengths in mm; x grows to the patient's left, y to the back, z to the
 * head. x = y = 0 is the middle of the chest, z = 0 the lowest point of the lungs.
 *
 * @param width half the body's width
 * @param depth half the body from front to back
 * @param fat thickness of the fat under the skin
 * @param lungHeight from the lungs' lowest point to their apex
 * @param domeHeight height of the right diaphragm above the lungs' lowest point
 * @param heartSize scale of the heart, 1 for the average one
 * @param ribPitch distance from one rib to the next
 * @param ribDrop descent of a rib from back to front
 */
record Anatomy(
    double width,
    double depth,
    double fat,
    double lungHeight,
    double domeHeight,
    double heartSize,
    double ribPitch,
    double ribDrop) {

  static Anatomy draw(SplitMix64 random) {
    double width = random.uniform(150, 185);
    double lungHeight = random.uniform(205, 255);
    return new Anatomy(
        width,
        width * random.uniform(0.66, 0.76),
        random.uniform(6, 22),
        lungHeight,
        lungHeight * random.uniform(0.22, 0.36),
        random.uniform(0.88, 1.15),
        random.uniform(22, 27),
        random.uniform(60, 95));
  }

  /** z as a share of the lungs' height: 0 at their lowest point, 1 at the apex. */
  double level(double z) {
    return z / lungHeight;
  }

  /** Half the width of the rib cage's inside at this level. */
  double cageWidth(double level) {
    return (width - fat) * 0.87 * taper(level, 0.42);
  }

  /** Half the depth of the rib cage's inside at this level. */
  double cageDepth(double level) {
    return (depth - fat) * 0.83 * taper(level, 0.5);
  }

  /** y of the rib cage's middle: in front of the body's middle, since the back has more muscle. */
  double cageCentre() {
    return -0.06 * depth;
  }

  /** y of the middle of the vertebral bodies, which extend half into the rib cage. */
  double spineCentre() {
    return cageCentre() + cageDepth(0.3) - 15;
  }

  /** 1 over the lower chest, falling towards the apex; the widest place is at the given level. */
  private static double taper(double level, double widest) {
    if (level < widest) {
      double below = (widest - level) / widest;
      return 1 - 0.07 * below * below;
    }
    double above = Math.min((level - widest) / (1.12 - widest), 1);
    return Math.sqrt(Math.max(1 - above * above, 0.0025));
  }
}
