package org.pneumostream.scorer;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.pneumostream.classifier.InputShape;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelMetadata;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.Network;
import org.pneumostream.classifier.Precision;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.VolumeShape;

/**
 * A model version in force, loaded and ready to score.
 *
 * @param version the version, without its weights
 * @param network its network, owned by this object
 * @param warnings what whoever reads its predictions must know, one sentence each
 */
record Champion(ModelVersion version, Network network, List<String> warnings)
    implements AutoCloseable {

  /**
   * Checks a version and loads its network.
   *
   * @param version with weights
   * @param precision that the network computes in
   * @throws ModelException if the weights are not those whose hash the version names, or are for
   *     another architecture or input shape
   */
  static Champion load(ModelVersion version, InputShape shape, Precision precision) {
    ByteBuffer weights = Objects.requireNonNull(version.getWeights(), "weights");
    byte[] safetensors = new byte[weights.remaining()];
    weights.duplicate().get(safetensors);
    requireEqual("sha256", version.getSha256(), ModelWeights.hash(safetensors));
    requireEqual("architecture", version.getArchitecture(), ModelWeights.ARCHITECTURE);
    VolumeShape takes = version.getInputShape();
    requireEqual(
        "input shape",
        new InputShape(takes.getWidth(), takes.getHeight(), takes.getDepth()).toString(),
        shape.toString());
    ModelWeights read = ModelWeights.fromSafetensors(safetensors);
    List<String> warnings = ModelMetadata.of(read).warnings();
    return new Champion(
        ModelVersion.newBuilder(version).setWeights(null).build(),
        Network.load(read, shape, precision),
        warnings);
  }

  @Override
  public void close() {
    network.close();
  }

  private static void requireEqual(String field, String found, String expected) {
    if (!expected.equals(found)) {
      throw new ModelException(field + ": '" + found + "', expected '" + expected + "'");
    }
  }
}
