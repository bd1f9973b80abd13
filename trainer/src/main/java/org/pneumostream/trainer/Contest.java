package org.pneumostream.trainer;

import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.training.Assessment;
import org.pneumostream.training.Example;
import org.pneumostream.training.Gate;
import org.pneumostream.training.LearnedSplit;

/**
 * A candidate's meeting with the champion in force, on the scans that neither of the two can have
 * been trained on: the splits they were trained by may have been others.
 *
 * @param decision what the gate decided
 * @param champion the champion until then, without its weights, if there was one
 * @param ours how the candidate does
 * @param theirs how the champion does, if it could be scored
 */
public record Contest(
    Gate.Decision decision,
    Optional<ModelVersion> champion,
    Assessment ours,
    Optional<Assessment> theirs) {

  /**
   * Scores the champion and decides.
   *
   * @param scoring scores a version, given with its weights, on the candidate's scans; throws
   *     {@link ModelException} if the version cannot be scored on them
   * @throws ModelException if the candidate's lineage is malformed
   */
  static Contest of(
      Candidate candidate,
      ModelCatalogue catalogue,
      Gate gate,
      Function<ModelVersion, Assessment> scoring) {
    Assessment ours = candidate.assessment().of(isNewTo(candidate.lineage()));
    Optional<ModelVersion> champion = catalogue.champion();
    if (champion.isEmpty()) {
      return new Contest(gate.withoutChampion(), champion, ours, Optional.empty());
    }
    try {
      Assessment theirs = scoring.apply(catalogue.withWeights(champion.get().getVersion()));
      Predicate<Example> isNewToThem = isNewTo(champion.get().getLineage());
      Assessment oursOfThose = ours.of(isNewToThem);
      Assessment theirsOfThose = theirs.of(isNewToThem.and(isNewTo(candidate.lineage())));
      return new Contest(
          gate.decide(oursOfThose.validation(), theirsOfThose.validation()),
          champion,
          oursOfThose,
          Optional.of(theirsOfThose));
    } catch (ModelException | NoSuchElementException e) {
      Gate.Decision decision = gate.withUnfitChampion(e.getMessage(), ours.validation());
      return new Contest(decision, champion, ours, Optional.empty());
    }
  }

  /** Which scans a version, and whatever it started from, cannot have been trained on. */
  static Predicate<Example> isNewTo(@Nullable Lineage lineage) {
    return LearnedSplit.newToAll(LearnedSplit.of(lineage));
  }
}
