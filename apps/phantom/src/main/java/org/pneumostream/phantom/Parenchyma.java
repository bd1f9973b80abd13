package org.pneumostream.phantom;

import java.util.ArrayList;
import java.util.List;

/**
 * Density of the lungs. Every phantom has some denser lung, about the same amount in either class.
 * In a normal phantom it is the lowest part of the lung, compressed by the lung's own weight, as in
 * patients who lie on their back. In an abnormal phantom it is almost entirely ground-glass
 * opacities. So neither the mean nor the histogram separates the classes; position and shape of the
 * dense lung do.
 */
final class Parenchyma {

  private static final int SAMPLES = 6000;

  private final Anatomy anatomy;
  private final Densities densities;
  private final ValueNoise texture;
  private final ValueNoise mottle;
  private final ValueNoise drift;
  private final double denseHu;
  private final double bandSoftness;
  private final double bandStart;
  private final List<Opacity> opacities;

  Parenchyma(Anatomy anatomy, Densities densities, PhantomFinding finding, SplitMix64 random) {
    this.anatomy = anatomy;
    this.densities = densities;
    this.texture = new ValueNoise(random.next(), 22);
    this.mottle = new ValueNoise(random.next(), 9);
    this.drift = new ValueNoise(random.next(), 55);
    this.denseHu = random.uniform(-600, -400);
    this.bandSoftness = random.uniform(22, 48);
    List<Vector> places = placesInLungs(random);
    double opacified = densities.opacified();
    boolean abnormal = finding == PhantomFinding.ABNORMAL;
    this.opacities =
        abnormal
            ? Opacity.draw(new Lungs(anatomy), places, 0.9 * opacified, denseHu, random)
            : List.of();
    double dependent =
        abnormal ? random.uniform(0, 0.2) * opacified : random.uniform(0.75, 1) * opacified;
    this.bandStart = bandStart(places, dependent);
  }

  /** HU at a position inside the lungs, before vessels and airways. */
  double at(double x, double y, double z) {
    double back = (y - anatomy.cageCentre()) / anatomy.cageDepth(0.3);
    double aerated =
        densities.lung()
            + densities.gradient() * back
            + densities.texture() * (texture.at(x, y, z) + mottle.at(x, y, z));
    double band =
        Geometry.step(bandStart - bandSoftness / 2, bandStart + bandSoftness / 2, weight(x, y, z));
    double hu = Geometry.mix(aerated, denseHu + 60 * mottle.at(x, y, z), band);
    for (Opacity opacity : opacities) {
      double cover = opacity.cover(x, y, z, mottle);
      if (cover > 0) {
        hu = Math.max(hu, Geometry.mix(aerated, opacity.hu() + 70 * mottle.at(x, y, z), cover));
      }
    }
    return hu;
  }

  /** Amount of lung above a position, which compresses it; the patient lies on the back. */
  private double weight(double x, double y, double z) {
    return y - 0.12 * z + 12 * drift.at(x, y, z);
  }

  /** Where the dependent band begins, so that it fills a share of the lungs. */
  private double bandStart(List<Vector> places, double share) {
    double[] weights =
        places.stream().mapToDouble(p -> weight(p.x(), p.y(), p.z())).sorted().toArray();
    return weights[(int) ((1 - share) * (weights.length - 1))];
  }

  private List<Vector> placesInLungs(SplitMix64 random) {
    Lungs lungs = new Lungs(anatomy);
    List<Vector> places = new ArrayList<>(SAMPLES);
    while (places.size() < SAMPLES) {
      Vector place =
          new Vector(
              random.uniform(-1, 1) * anatomy.cageWidth(0.4),
              anatomy.cageCentre() + random.uniform(-1, 1) * anatomy.cageDepth(0.4),
              random.uniform(0, 1) * anatomy.lungHeight());
      if (lungs.distance(place.x(), place.y(), place.z()) < 0) {
        places.add(place);
      }
    }
    return places;
  }
}
