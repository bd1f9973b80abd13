package org.pneumostream.trainer;

import java.util.Optional;
import java.util.function.Function;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.service.ModelCatalogue;

/**
 * A candidate's meeting with the champion in force.
 *
 * @param decision what the gate decided
 * @param champion the champion until then, without its weights, if there was one
 * @param championMetrics its metrics on the candidate's validation scans, if it could be scored on
 *     them
 */
public record Contest(
    Gate.Decision decision, Optional<ModelVersion> champion, Optional<Metrics> championMetrics) {

  /**
   * Scores the champion and decides.
   *
   * @param scoring scores a version, given with its weights, on the candidate's validation scans;
   *     throws {@link ModelException} if the version cannot be scored on them
   */
  static Contest of(
      Metrics candidate,
      ModelCatalogue catalogue,
      Gate gate,
      Function<ModelVersion, Metrics> scoring) {
    Optional<ModelVersion> champion = catalogue.champion();
    if (champion.isEmpty()) {
      return new Contest(gate.withoutChampion(), champion, Optional.empty());
    }
    try {
      Metrics theirs = scoring.apply(catalogue.withWeights(champion.get().getVersion()));
      return new Contest(gate.decide(candidate, theirs), champion, Optional.of(theirs));
    } catch (ModelException e) {
      return new Contest(gate.withUnfitChampion(e.getMessage()), champion, Optional.empty());
    }
  }
}
