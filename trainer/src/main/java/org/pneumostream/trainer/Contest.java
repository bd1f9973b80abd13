package org.pneumostream.trainer;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.service.ModelCatalogue;

/**
 * A candidate's meeting with the champion in force.
 *
 * @param decision what the gate decided
 * @param champion the champion until then, without its weights, if there was one
 * @param assessment how the champion does on the candidate's scans, if it could be scored on them
 */
public record Contest(
    Gate.Decision decision, Optional<ModelVersion> champion, Optional<Assessment> assessment) {

  /**
   * Scores the champion and decides, on those of the candidate's validation scans that the champion
   * was not trained on either: its split may have been another.
   *
   * @param scoring scores a version, given with its weights, on the candidate's scans; throws
   *     {@link ModelException} if the version cannot be scored on them
   */
  static Contest of(
      Assessment candidate,
      ModelCatalogue catalogue,
      Gate gate,
      Function<ModelVersion, Assessment> scoring) {
    Optional<ModelVersion> champion = catalogue.champion();
    if (champion.isEmpty()) {
      return new Contest(gate.withoutChampion(), champion, Optional.empty());
    }
    try {
      Assessment theirs = scoring.apply(catalogue.withWeights(champion.get().getVersion()));
      Predicate<Example> newToBoth = isNewTo(champion.get());
      Gate.Decision decision =
          gate.decide(candidate.validation().of(newToBoth), theirs.validation().of(newToBoth));
      return new Contest(decision, champion, Optional.of(theirs));
    } catch (ModelException e) {
      return new Contest(gate.withUnfitChampion(e.getMessage()), champion, Optional.empty());
    }
  }

  /** Which scans the champion cannot have been trained on, whether they were there or not. */
  private static Predicate<Example> isNewTo(ModelVersion champion) {
    return TrainingConfig.splitOf(champion)
        .<Predicate<Example>>map(
            split -> example -> split.subset(example.splitHash()) != Subset.TRAINING)
        .orElse(example -> true);
  }
}
