package org.pneumostream.scorer;

import java.util.List;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelMetadata;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.Network;
import org.pneumostream.classifier.Precision;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.VolumeShape;
import org.pneumostream.volume.InputShape;

/**
 * The champion, loaded and ready to score.
 *
 * @param version the version, without its weights
 * @param network its network, owned by this object
 * @param warnings warnings for readers of its predictions, one sentence each
 */
record Champion(ModelVersion version, Network network, List<String> warnings)
    implements AutoCloseable {

  /**
   * Checks a version and loads its network.
   *
   * @param precision precision of the network's computation
   * @throws ModelException if its weights are missing, do not match its hash, are for another
   *     architecture or input shape, or give output that is not finite
   */
  static Champion load(ModelVersion version, InputShape shape, Precision precision) {
    requireEqual("architecture", version.getArchitecture(), ModelWeights.ARCHITECTURE);
    VolumeShape takes = version.getInputShape();
    requireEqual(
        "input shape",
        takes.getWidth() + "x" + takes.getHeight() + "x" + takes.getDepth(),
        shape.toString());
    ModelWeights read = ModelWeights.published(version.getWeights(), version.getSha256());
    List<String> warnings = ModelMetadata.of(read).warnings();
    return new Champion(
        ModelVersion.newBuilder(version).setWeights(null).build(),
        Network.loadProven(read, shape, precision),
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
