package org.pneumostream.phantom;

import java.util.ArrayList;
import java.util.List;

/**
 * A ground-glass opacity: lung that is denser over a few centimetres, with a ragged, soft edge and
 * visible vessels.
 *
 * @param centre in mm
 * @param radii half axes along x, y and z in mm
 * @param hu density at full cover, −700 to −300
 */
record Opacity(Vector centre, Vector radii, double hu) {

  private static final int FEWEST = 3;
  private static final int MOST = 60;

  /**
   * Draws opacities until they fill a share of the lungs. Four in five lie against the pleura, and
   * more of them in the lower lungs, as in viral pneumonia.
   *
   * @param places evenly spread over the lungs
   * @param share of the lungs, 0 to 1
   * @param meanHu about which their densities vary
   */
  static List<Opacity> draw(
      Lungs lungs, List<Vector> places, double share, double meanHu, SplitMix64 random) {
    List<Opacity> opacities = new ArrayList<>();
    boolean[] filled = new boolean[places.size()];
    int count = 0;
    while (opacities.size() < FEWEST
        || (count < share * places.size() && opacities.size() < MOST)) {
      Opacity opacity = drawOne(lungs, places, meanHu, random);
      opacities.add(opacity);
      for (int i = 0; i < filled.length; i++) {
        if (!filled[i] && opacity.reach(places.get(i)) < 0.95) {
          filled[i] = true;
          count++;
        }
      }
    }
    return opacities;
  }

  private static Opacity drawOne(
      Lungs lungs, List<Vector> places, double meanHu, SplitMix64 random) {
    boolean peripheral = random.chance(0.8);
    while (true) {
      Vector place = places.get(random.below(places.size()));
      double pleura = -lungs.distance(place.x(), place.y(), place.z());
      double level = lungs.anatomy().level(place.z());
      boolean fits = peripheral ? pleura > 2 && pleura < 12 : pleura >= 12;
      if (fits && random.chance(1.1 - 0.7 * level)) {
        double size = random.uniform(11, 25);
        Vector radii =
            new Vector(
                size * random.uniform(0.75, 1.25),
                size * random.uniform(0.75, 1.25),
                size * random.uniform(0.75, 1.25));
        double hu = Math.max(-690, Math.min(-310, meanHu + random.uniform(-80, 80)));
        return new Opacity(place, radii, hu);
      }
    }
  }

  /** Share of the lung at a position that is opacified, 0 to 1; noise frays the edge. */
  double cover(double x, double y, double z, ValueNoise noise) {
    double reach = reach(new Vector(x, y, z));
    return reach > 1.6 ? 0 : 1 - Geometry.step(0.7, 1.2, reach + 0.3 * noise.at(x, y, z));
  }

  /** 0 at the centre, 1 on the ellipsoid. */
  private double reach(Vector place) {
    double dx = (place.x() - centre.x()) / radii.x();
    double dy = (place.y() - centre.y()) / radii.y();
    double dz = (place.z() - centre.z()) / radii.z();
    return Math.sqrt(dx * dx + dy * dy + dz * dz);
  }
}
