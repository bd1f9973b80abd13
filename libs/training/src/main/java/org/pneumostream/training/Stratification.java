package org.pneumostream.training;

import java.util.List;
import java.util.Optional;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.training.TrainingCounts.Count;

/**
 * Chooses the draw of a {@link Split} whose sides come nearest to the fractions in each class.
 * Groups stay whole. A model keeps the draw of its oldest version, so that a chosen draw never
 * moves a scan.
 */
public final class Stratification {
  private static final int DRAWS = 1000;

  private Stratification() {}

  /**
   * The draw with the smallest chi-square of the counts by side and class against the fractions;
   * the lowest if several are equal. Takes the split's fractions, not its draw.
   */
  public static Split of(List<Example> examples, Split split) {
    Count all = Count.of(examples);
    Split best = split.withDraw(0);
    double least = Double.POSITIVE_INFINITY;
    for (int draw = 0; draw < DRAWS; draw++) {
      Split candidate = split.withDraw(draw);
      double distance = distance(TrainingCounts.of(examples, candidate), all, split);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best;
  }

  /**
   * The split of the model's oldest version trained here, whatever was imported since; without one,
   * of the oldest import with a recorded split.
   */
  public static Optional<Split> recorded(ModelCatalogue catalogue) {
    List<Lineage> lineages =
        catalogue.versions().stream()
            .map(ModelVersion::getLineage)
            .filter(lineage -> !LearnedSplit.of(lineage).isEmpty())
            .toList();
    return lineages.stream()
        .filter(lineage -> lineage.getSplit() != null)
        .findFirst()
        .or(() -> lineages.stream().findFirst())
        .map(lineage -> LearnedSplit.of(lineage).get(0).split());
  }

  private static double distance(TrainingCounts found, Count all, Split split) {
    return distance(found.validation(), all, split.validation())
        + distance(found.holdout(), all, split.holdout())
        + distance(found.training(), all, 1 - split.validation() - split.holdout());
  }

  private static double distance(Count found, Count all, double fraction) {
    return chiSquare(found.normal(), all.normal() * fraction)
        + chiSquare(found.abnormal(), all.abnormal() * fraction);
  }

  private static double chiSquare(int found, double expected) {
    return expected == 0 ? 0 : (found - expected) * (found - expected) / expected;
  }
}
