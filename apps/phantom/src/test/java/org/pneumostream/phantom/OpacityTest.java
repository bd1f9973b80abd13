package org.pneumostream.phantom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpacityTest {

  private static final int PATIENTS = 40;

  @Test
  void drawsSeveralOpacitiesOfGroundGlassDensityMostlyAgainstThePleura() {
    int all = 0;
    int peripheral = 0;
    for (int seed = 0; seed < PATIENTS; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      Lungs lungs = new Lungs(Anatomy.draw(random));
      List<Opacity> opacities = Opacity.draw(lungs, placesIn(lungs, random), 0.1, -500, random);

      assertThat(opacities).hasSizeBetween(3, 60);
      for (Opacity opacity : opacities) {
        Vector centre = opacity.centre();
        double pleura = -lungs.distance(centre.x(), centre.y(), centre.z());
        assertThat(pleura).isPositive();
        assertThat(opacity.hu()).isBetween(-700.0, -300.0);
        assertThat(opacity.radii().x()).isBetween(8.0, 32.0);
        all++;
        peripheral += pleura < 12 ? 1 : 0;
      }
    }
    assertThat((double) peripheral / all).isBetween(0.7, 0.9);
  }

  @Test
  void fillsTheRequestedShareOfTheLungs() {
    SplitMix64 random = new SplitMix64(11);
    Lungs lungs = new Lungs(Anatomy.draw(random));
    List<Vector> places = placesIn(lungs, random);
    List<Opacity> opacities = Opacity.draw(lungs, places, 0.15, -500, random);

    ValueNoise noise = new ValueNoise(1, 9);
    double filled =
        places.stream()
            .mapToDouble(
                p ->
                    opacities.stream()
                        .mapToDouble(o -> o.cover(p.x(), p.y(), p.z(), noise))
                        .max()
                        .orElseThrow())
            .average()
            .orElseThrow();
    assertThat(filled).isBetween(0.13, 0.20);
  }

  @Test
  void coversItsCentreAndNothingFarAway() {
    Opacity opacity = new Opacity(new Vector(10, 20, 30), new Vector(15, 15, 15), -500);
    ValueNoise noise = new ValueNoise(3, 9);

    assertThat(opacity.cover(10, 20, 30, noise)).isEqualTo(1);
    assertThat(opacity.cover(10, 20, 30 + 1.61 * 15, noise)).isZero();
  }

  private static List<Vector> placesIn(Lungs lungs, SplitMix64 random) {
    List<Vector> places = new ArrayList<>();
    while (places.size() < 4000) {
      Vector place =
          new Vector(random.uniform(-150, 150), random.uniform(-110, 110), random.uniform(0, 260));
      if (lungs.distance(place.x(), place.y(), place.z()) < 0) {
        places.add(place);
      }
    }
    return places;
  }
}
