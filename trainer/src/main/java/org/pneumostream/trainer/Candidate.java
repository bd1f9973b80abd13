package org.pneumostream.trainer;

import java.util.Map;
import java.util.TreeMap;
import org.pneumostream.classifier.InputShape;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.Lineage;

/**
 * Trained weights on their way to become a model version.
 *
 * @param weights of the best epoch
 * @param shape volumes they take
 * @param preprocessingVersion version of the preprocessing they were trained on
 * @param metrics on the validation scans
 * @param lineage what they were made from
 */
public record Candidate(
    ModelWeights weights,
    InputShape shape,
    int preprocessingVersion,
    Metrics metrics,
    Lineage lineage) {
  /** Metadata of the safetensors file. */
  public static final String MODEL_NAME = "model_name";
  public static final String MODEL_VERSION = "model_version";
  public static final String INPUT_SHAPE = "input_shape";
  public static final String PREPROCESSING_VERSION = "preprocessing_version";
  public static final String TRAINING_SCANS = "training_scans";
  public static final String SEED = "seed";

  /**
   * The safetensors file of a version: the weights, and metadata that follow from what they were
   * made from, so that the same run made again gives the same bytes.
   */
  ModelWeights named(String model, String version) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put(MODEL_NAME, model);
    metadata.put(MODEL_VERSION, version);
    metadata.put(INPUT_SHAPE, shape.toString());
    metadata.put(PREPROCESSING_VERSION, Integer.toString(preprocessingVersion));
    metadata.put(TRAINING_SCANS, Integer.toString(lineage.getTrainingScans()));
    metadata.put(SEED, Long.toString(lineage.getSeed()));
    return weights.withMetadata(metadata);
  }
}
