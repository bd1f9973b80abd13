package org.pneumostream.trainer;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.pneumostream.classifier.InputShape;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.VolumeShape;

/**
 * Trained weights on their way to become a model version.
 *
 * @param weights of the best epoch
 * @param shape volumes they take
 * @param preprocessingVersion version of the preprocessing they were trained on
 * @param assessment on the scans it did not learn from
 * @param lineage what they were made from
 */
public record Candidate(
    ModelWeights weights,
    InputShape shape,
    int preprocessingVersion,
    Assessment assessment,
    Lineage lineage) {
  /** Metadata of the safetensors file. */
  public static final String MODEL_NAME = "model_name";

  public static final String MODEL_VERSION = "model_version";
  public static final String INPUT_SHAPE = "input_shape";
  public static final String PREPROCESSING_VERSION = "preprocessing_version";
  public static final String TRAINING_SCANS = "training_scans";
  public static final String SEED = "seed";

  /** {@code canonical} or {@code as-stored}: which way round the scans were looked at. */
  public static final String ORIENTATION = "orientation";

  /** There if the network was not trained on scans of people; says on what. */
  public static final String SYNTHETIC = "synthetic";

  /** The record that publishes it as a version of a model. */
  ModelVersion toRecord(String model, String version, Instant createdAt) {
    byte[] safetensors = named(model, version).toSafetensors();
    return ModelVersion.newBuilder()
        .setName(model)
        .setVersion(version)
        .setSha256(ModelWeights.hash(safetensors))
        .setWeights(ByteBuffer.wrap(safetensors))
        .setArchitecture(ModelWeights.ARCHITECTURE)
        .setInputShape(new VolumeShape(shape.width(), shape.height(), shape.depth()))
        .setPreprocessingVersion(preprocessingVersion)
        .setMetrics(assessment.validation().metrics().toRecord())
        .setHoldoutMetrics(assessment.holdout().map(Metrics::toRecord).orElse(null))
        .setLineage(lineage)
        .setCreatedAt(createdAt)
        .build();
  }

  /** Where it comes from, one phrase. */
  String origin() {
    return "run %s on %d scans, validated on %d"
        .formatted(lineage.getRunId(), lineage.getTrainingScans(), lineage.getValidationScans());
  }

  /**
   * The weights with metadata that follow from what they were made from, so that the same run made
   * again gives the same file: no time, no run id.
   */
  private ModelWeights named(String model, String version) {
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
