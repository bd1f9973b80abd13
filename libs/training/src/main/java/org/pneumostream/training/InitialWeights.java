package org.pneumostream.training;

import java.util.NoSuchElementException;
import java.util.Optional;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelVersion;

/** The weights that a training run starts from. */
public enum InitialWeights {
  /** Weights drawn from the seed, as the reference does. */
  SCRATCH,
  /** The champion's weights, where there is a champion. */
  CHAMPION;

  /** Whether the run of a lineage started from these. */
  boolean isSetIn(Lineage lineage) {
    return name().equalsIgnoreCase(lineage.getSettings().get(TrainingConfig.INITIAL_WEIGHTS.key()));
  }

  /**
   * Returns the weights.
   *
   * @param champion version of the champion when the run was started
   * @throws TrainingRefusedException if the champion's weights cannot be used
   */
  public ModelWeights of(ModelCatalogue catalogue, Optional<String> champion, long seed) {
    if (this == SCRATCH || champion.isEmpty()) {
      return ModelWeights.initial(seed);
    }
    try {
      ModelVersion version = catalogue.withWeights(champion.get());
      return ModelWeights.published(version.getWeights(), version.getSha256());
    } catch (ModelException | NoSuchElementException e) {
      throw new TrainingRefusedException("cannot start from the champion: " + e.getMessage(), e);
    }
  }
}
