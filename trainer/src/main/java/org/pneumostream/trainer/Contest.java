package org.pneumostream.trainer;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.schemas.Lineage;
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
   * Scores the champion and decides, on those of the validation scans that neither of the two can
   * have been trained on: the splits they were trained by may have been others.
   *
   * @param scoring scores a version, given with its weights, on the candidate's scans; throws
   *     {@link ModelException} if the version cannot be scored on them
   */
  static Contest of(
      Candidate candidate,
      ModelCatalogue catalogue,
      Gate gate,
      Function<ModelVersion, Assessment> scoring) {
    Optional<ModelVersion> champion = catalogue.champion();
    if (champion.isEmpty()) {
      return new Contest(gate.withoutChampion(), champion, Optional.empty());
    }
    try {
      Assessment theirs = scoring.apply(catalogue.withWeights(champion.get().getVersion()));
      Predicate<Example> newToBoth =
          isNewTo(Optional.of(candidate.lineage()))
              .and(isNewTo(Optional.ofNullable(champion.get().getLineage())));
      Gate.Decision decision =
          gate.decide(
              candidate.assessment().validation().of(newToBoth), theirs.validation().of(newToBoth));
      return new Contest(decision, champion, Optional.of(theirs));
    } catch (ModelException e) {
      return new Contest(gate.withUnfitChampion(e.getMessage()), champion, Optional.empty());
    }
  }

  /** Which scans a model cannot have been trained on, whether they were there or not. */
  private static Predicate<Example> isNewTo(Optional<Lineage> model) {
    return model
        .flatMap(TrainingConfig::splitOf)
        .<Predicate<Example>>map(
            split -> example -> split.subset(example.splitHash()) != Subset.TRAINING)
        .orElse(example -> true);
  }
}
