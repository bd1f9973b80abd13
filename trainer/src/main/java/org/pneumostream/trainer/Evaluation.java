package org.pneumostream.trainer;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.pneumostream.classifier.InputShape;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.Network;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.VolumeShape;

/**
 * Scores networks on the validation scans of a training set, as the scorer would: one code path for
 * candidate and champion, so that equal weights get equal figures.
 */
public final class Evaluation {
  private final TrainingConfig config;
  private final TrainingSet set;
  private final BooleanSupplier stop;
  private final List<Example> validation;

  /**
   * @param stop asked between any two scans; true ends the scoring with a {@link
   *     CancellationException}
   */
  public Evaluation(TrainingConfig config, TrainingSet set, BooleanSupplier stop) {
    this.config = config;
    this.set = set;
    this.stop = stop;
    this.validation = set.examples(config.split(), Subset.VALIDATION);
  }

  /** How well these weights do. */
  public Metrics of(ModelWeights weights) {
    float[] probabilities = new float[validation.size()];
    try (Network network = Network.load(weights, config.shape())) {
      for (int i = 0; i < probabilities.length; i++) {
        if (stop.getAsBoolean()) {
          throw new CancellationException("scoring was stopped");
        }
        short[] voxels = set.fixedPoint(validation.get(i));
        probabilities[i] = network.probabilities(List.of(voxels))[0];
      }
    }
    return Metrics.of(probabilities, Example.labels(validation));
  }

  /**
   * How well a published version does.
   *
   * @param version with its weights
   * @throws ModelException if it is not made for these scans, or not what it says it is
   */
  public Metrics of(ModelVersion version) {
    VolumeShape takes = version.getInputShape();
    InputShape shape = new InputShape(takes.getWidth(), takes.getHeight(), takes.getDepth());
    if (!shape.equals(config.shape())) {
      throw new ModelException("it takes %s, the scans are %s".formatted(shape, config.shape()));
    }
    if (version.getPreprocessingVersion() != config.preprocessingVersion()) {
      throw new ModelException(
          "it takes preprocessing version %d, the scans have %d"
              .formatted(version.getPreprocessingVersion(), config.preprocessingVersion()));
    }
    return of(PublishedWeights.of(version));
  }
}
