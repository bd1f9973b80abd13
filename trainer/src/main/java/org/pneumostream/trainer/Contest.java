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
 * @param championMetrics the champion's metrics on the candidate's validation scans, if there is a
 *     champion that could be scored on them
 */
record Contest(Gate.Decision decision, Optional<Metrics> championMetrics) {

  static Contest of(
      Metrics candidate,
      Optional<ModelVersion> champion,
      ModelCatalogue catalogue,
      Gate gate,
      Function<ModelVersion, Metrics> scoring) {
    if (champion.isEmpty()) {
      return new Contest(gate.withoutChampion(), Optional.empty());
    }
    try {
      Metrics theirs = scoring.apply(catalogue.withWeights(champion.get().getVersion()));
      return new Contest(gate.decide(candidate, theirs), Optional.of(theirs));
    } catch (ModelException e) {
      return new Contest(gate.withUnfitChampion(e.getMessage()), Optional.empty());
    }
  }
}
