package org.pneumostream.training;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.Network;
import org.pneumostream.classifier.Precision;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.VolumeRecords;

/**
 * Scores networks on the scans of a training set that are not trained on, as the scorer would.
 * Candidate and champion share one code path, so that equal weights get equal figures.
 */
public final class Evaluation {
  private final TrainingConfig config;
  private final TrainingSet set;
  private final BooleanSupplier stop;

  /**
   * @param stop checked between scans; true ends the scoring with a {@link CancellationException}
   */
  public Evaluation(TrainingConfig config, TrainingSet set, BooleanSupplier stop) {
    this.config = config;
    this.set = set;
    this.stop = stop;
  }

  /**
   * Scores weights.
   *
   * @throws ModelException if their output is not finite, even if there are no scans to score
   */
  public Assessment of(ModelWeights weights) {
    try (Network network = Network.loadProven(weights, config.shape(), Precision.FULL)) {
      return new Assessment(scores(network, Subset.VALIDATION), scores(network, Subset.HOLDOUT));
    }
  }

  /**
   * Scores a published version.
   *
   * @param version with its weights
   * @throws ModelException if it does not fit these scans, or its weights are damaged
   */
  public Assessment of(ModelVersion version) {
    VolumeRecords.kind(version)
        .requireFit(
            config.volumes(),
            difference ->
                new ModelException(
                    "it takes %s %s, the scans have %s"
                        .formatted(difference.trait(), difference.expected(), difference.found())));
    return of(ModelWeights.published(version.getWeights(), version.getSha256()));
  }

  private Scores scores(Network network, Subset subset) {
    List<Example> examples = set.examples(config.split(), subset);
    float[] probabilities = new float[examples.size()];
    for (int i = 0; i < probabilities.length; i++) {
      if (stop.getAsBoolean()) {
        throw new CancellationException("scoring was stopped");
      }
      probabilities[i] = network.probabilities(List.of(set.fixedPoint(examples.get(i))))[0];
    }
    return new Scores(examples, probabilities);
  }
}
