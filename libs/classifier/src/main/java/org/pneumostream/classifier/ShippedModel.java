package org.pneumostream.classifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The trained model that comes with the software. */
public final class ShippedModel {
  private static final String RESOURCE = "/org/pneumostream/classifier/champion.safetensors";

  private ShippedModel() {}

  /**
   * Its weights; their metadata says what they were trained on and what they take.
   *
   * @throws ModelException if this build comes without it, or it is none of this network
   */
  public static ModelWeights weights() {
    return read(RESOURCE);
  }

  static ModelWeights read(String resource) {
    try (InputStream file = ShippedModel.class.getResourceAsStream(resource)) {
      if (file == null) {
        throw new ModelException("no model comes with this build: " + resource + " is missing");
      }
      return ModelWeights.fromSafetensors(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
