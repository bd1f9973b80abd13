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
 * The comparison of a candidate with the champion, on scans that neither can have been trained on.
 * The two may have been trained with different splits.
 *
 * @param decision the gate's decision
 * @param champion the former champion, without its weights, if there was one
 * @param ours the candidate's scores
 * @param theirs the champion's scores, if it could be scored
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

  /** The scans that neither a version nor its ancestors can have been trained on. */
  static Predicate<Example> isNewTo(@Nullable Lineage lineage) {
    return LearnedSplit.newToAll(LearnedSplit.of(lineage));
  }
}
