package org.pneumostream.trainer;

import java.nio.ByteBuffer;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.ModelVersion;

/** The weights that a record of the models topic carries. */
final class PublishedWeights {
  private PublishedWeights() {}

  /**
   * Reads them.
   *
   * @throws ModelException if the record carries none, or others than its hash says, or they are
   *     not of this network
   */
  static ModelWeights of(ModelVersion version) {
    ByteBuffer buffer = version.getWeights();
    if (buffer == null) {
      throw new ModelException("version " + version.getVersion() + " carries no weights");
    }
    byte[] safetensors = new byte[buffer.remaining()];
    buffer.duplicate().get(safetensors);
    String hash = ModelWeights.hash(safetensors);
    if (!hash.equals(version.getSha256())) {
      throw new ModelException(
          "sha256 of version %s: %s, expected %s"
              .formatted(version.getVersion(), hash, version.getSha256()));
    }
    return ModelWeights.fromSafetensors(safetensors);
  }
}
