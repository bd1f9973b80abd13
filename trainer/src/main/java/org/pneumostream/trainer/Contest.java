package org.pneumostream.trainer;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.service.ModelCatalogue;

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
    Predicate<Example> isNewToUs = isNewTo(candidate.lineage(), catalogue);
    Assessment ours = candidate.assessment().of(isNewToUs);
    Optional<ModelVersion> champion = catalogue.champion();
    if (champion.isEmpty()) {
      return new Contest(gate.withoutChampion(), champion, ours, Optional.empty());
    }
    try {
      Assessment theirs = scoring.apply(catalogue.withWeights(champion.get().getVersion()));
      Lineage lineage = champion.get().getLineage();
      Predicate<Example> isNewToBoth =
          lineage == null ? isNewToUs : isNewToUs.and(isNewTo(lineage, catalogue));
      Assessment oursOfThose = ours.of(isNewToBoth);
      Assessment theirsOfThose = theirs.of(isNewToBoth);
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

  /**
   * Which scans a model cannot have been trained on, whether they were there or not. Of a file made
   * elsewhere by other software nothing is known.
   */
  private static Predicate<Example> isNewTo(Lineage lineage, ModelCatalogue catalogue) {
    // What our fit makes is split by scan id, whatever study a scan belongs to.
    ToLongFunction<Example> hash =
        ModelImport.isImport(lineage)
            ? example -> Split.hash(example.scanId())
            : Example::splitHash;
    Predicate<Example> isNew =
        TrainingConfig.splitOf(lineage)
            .<Predicate<Example>>map(
                split -> example -> split.subset(hash.applyAsLong(example)) != Subset.TRAINING)
            .orElse(example -> true);
    return parent(lineage, catalogue)
        .map(parent -> isNew.and(isNewTo(parent, catalogue)))
        .orElse(isNew);
  }

  /** Lineage of the version whose weights a run started from, if it did. */
  private static Optional<Lineage> parent(Lineage lineage, ModelCatalogue catalogue) {
    if (!InitialWeights.CHAMPION.isSetIn(lineage)) {
      return Optional.empty();
    }
    return catalogue.versions().stream()
        .filter(version -> version.getVersion().equals(lineage.getParent()))
        .map(ModelVersion::getLineage)
        .filter(Objects::nonNull)
        .findFirst();
  }
}
