package org.pneumostream.trainer;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelMetadata;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.VolumeRecords;
import org.pneumostream.training.Assessment;
import org.pneumostream.volume.OrientationPolicy;

/**
 * Weights that are about to become a model version.
 *
 * @param weights with metadata of their input and their origin
 * @param assessment scores on scans that they were not trained on
 * @param lineage origin of the weights
 * @param event kind of origin: {@code TRAINED} or {@code IMPORTED}
 * @param origin description of the origin, one phrase
 */
public record Candidate(
    ModelWeights weights,
    Assessment assessment,
    Lineage lineage,
    ModelEventType event,
    String origin) {

  /**
   * The record that publishes it as a version of a model.
   *
   * @param seen the figures that the gate saw
   * @throws ModelException if the metadata is malformed
   */
  ModelVersion toRecord(String model, String version, Assessment seen, Instant createdAt) {
    ModelMetadata metadata = ModelMetadata.of(weights);
    byte[] safetensors = named(weights, model, version).toSafetensors();
    return ModelVersion.newBuilder()
        .setName(model)
        .setVersion(version)
        .setSha256(ModelWeights.hash(safetensors))
        .setWeights(ByteBuffer.wrap(safetensors))
        .setArchitecture(ModelWeights.ARCHITECTURE)
        .setInputShape(VolumeRecords.shape(metadata.shape()))
        .setPreprocessingVersion(metadata.preprocessingVersion())
        .setOrientation(metadata.orientation().map(OrientationPolicy::toString).orElse(null))
        .setMetrics(seen.validation().toRecord())
        .setHoldoutMetrics(seen.holdout().toRecord())
        .setLineage(lineage)
        .setCreatedAt(createdAt)
        .build();
  }

  /**
   * The weights as published. Their metadata depends only on their origin, without time or run id,
   * so that a repeated run gives the same file.
   */
  static ModelWeights named(ModelWeights weights, String model, String version) {
    return weights.withMetadata(
        Map.of(ModelMetadata.MODEL_NAME, model, ModelMetadata.MODEL_VERSION, version));
  }
}
