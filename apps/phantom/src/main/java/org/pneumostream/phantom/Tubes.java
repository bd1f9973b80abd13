package org.pneumostream.phantom;

import java.util.ArrayList;
import java.util.List;

/**
 * Vessels and airways: the large ones of the mediastinum, and the trees that branch into the lungs.
 */
final class Tubes {

  private static final double AIRWAY_WALL_HU = 10;
  private static final double LUMEN_HU = -985;
  private static final double THINNEST = 0.55;

  private final Anatomy anatomy;
  private final double blood;
  private final Lungs lungs;
  private final SplitMix64 random;
  private final List<Tube> vessels = new ArrayList<>();
  private final List<Tube> walls = new ArrayList<>();
  private final List<Tube> lumina = new ArrayList<>();

  private Tubes(Anatomy anatomy, double blood, SplitMix64 random) {
    this.anatomy = anatomy;
    this.blood = blood;
    this.lungs = new Lungs(anatomy);
    this.random = random;
  }

  /** Tubes in drawing order; later ones cover earlier ones. */
  static List<Tube> draw(Anatomy anatomy, double blood, SplitMix64 random) {
    Tubes tubes = new Tubes(anatomy, blood, random);
    tubes.greatVessels();
    tubes.airways();
    for (int side = -1; side <= 1; side += 2) {
      int trunks = 9 + random.below(4);
      for (int i = 0; i < trunks; i++) {
        tubes.trunk(side, (i + random.uniform(0.2, 0.8)) / trunks);
      }
    }
    List<Tube> all = new ArrayList<>(tubes.vessels);
    all.addAll(tubes.walls);
    all.addAll(tubes.lumina);
    return all;
  }

  private void greatVessels() {
    double front = anatomy.cageCentre();
    double spine = anatomy.spineCentre();
    double aortaBack = spine - 21;
    vessel(at(-2, front - 14, 0.40), at(-14, front - 20, 0.60), 15, 15);
    vessel(at(-14, front - 20, 0.60), at(-8, front - 12, 0.70), 15, 13.5);
    vessel(at(-8, front - 12, 0.70), at(16, front + 10, 0.72), 13.5, 13);
    vessel(at(16, front + 10, 0.72), at(21, aortaBack, 0.66), 13, 12);
    vessel(at(21, aortaBack, 0.66), at(17, aortaBack, -0.3), 12, 10);
    vessel(at(14, front - 26, 0.46), at(10, front - 8, 0.555), 13, 12);
    vessel(at(10, front - 8, 0.555), at(-34, front + 2, 0.53), 11, 8);
    vessel(at(10, front - 8, 0.555), at(38, front + 6, 0.57), 11, 9);
    vessel(at(-24, front - 8, 0.42), at(-25, front - 10, 0.80), 9, 8);
    vessel(at(-25, front - 10, 0.80), at(-30, front - 14, 1.1), 8, 7);
    vessel(at(-6, front - 12, 0.72), at(-16, front - 6, 1.1), 6, 5);
    vessel(at(6, front - 2, 0.73), at(18, front - 2, 1.1), 5, 4.5);
    for (int side = -1; side <= 1; side += 2) {
      vessel(at(0, front + 8, 0.41), at(side * 38, front + 4, 0.40), 8, 6);
    }
  }

  private void airways() {
    double front = anatomy.cageCentre();
    Vector carina = at(0, front + 8, 0.60);
    airway(at(0, front + 4, 1.3), carina, 8.5, 8.5);
    Vector right = at(-33, front + 8, 0.52);
    Vector left = at(37, front + 10, 0.50);
    airway(carina, right, 6.8, 5.5);
    airway(carina, left, 6.2, 5);
    for (Vector hilum : List.of(right, left)) {
      double side = Math.signum(hilum.x());
      airway(hilum, hilum.plus(new Vector(side * 14, 16, -34), 1), 4.2, 3);
      airway(hilum, hilum.plus(new Vector(side * 20, -10, 28), 1), 3.6, 2.4);
      airway(hilum, hilum.plus(new Vector(side * 16, -24, -14), 1), 3.2, 2.2);
    }
  }

  /**
   * A vessel from the hilum into the lung, with all its branches.
   *
   * @param side −1 right, 1 left
   * @param level its direction, 0 down to 1 up
   */
  private void trunk(int side, double level) {
    Vector hilum =
        at(side * 34, anatomy.cageCentre() + random.uniform(-8, 12), 0.40 + 0.18 * level);
    double rise = Geometry.mix(-1.15, 1.2, level);
    Vector heading =
        new Vector(side * random.uniform(0.5, 1.1), random.uniform(-0.9, 0.9), rise).unit();
    grow(hilum, heading, random.uniform(3.2, 4.8));
  }

  private void grow(Vector start, Vector heading, double radius) {
    if (radius < THINNEST) {
      return;
    }
    Vector end = start.plus(heading, radius * random.uniform(4, 6.5) + 4);
    double pleura = lungs.distance(end.x(), end.y(), end.z());
    if (pleura > -2 && radius < 2.5) {
      return;
    }
    vessel(start, end, radius, radius * 0.9);
    double share = random.uniform(0.7, 0.88);
    Vector aside = new Vector(random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1));
    grow(end, heading.plus(aside, 0.45).unit(), radius * 0.9 * share);
    grow(end, heading.plus(aside, -0.65).unit(), radius * 0.9 * (1.52 - share));
  }

  private Vector at(double x, double y, double level) {
    return new Vector(x, y, level * anatomy.lungHeight());
  }

  private void vessel(Vector from, Vector to, double fromRadius, double toRadius) {
    vessels.add(new Tube(from, to, fromRadius, toRadius, blood));
  }

  private void airway(Vector from, Vector to, double fromRadius, double toRadius) {
    walls.add(new Tube(from, to, fromRadius + 1.4, toRadius + 1.2, AIRWAY_WALL_HU));
    lumina.add(new Tube(from, to, fromRadius, toRadius, LUMEN_HU));
  }
}
