package org.pneumostream.classifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The trained model that is part of the build. */
public final class ShippedModel {
  private static final String RESOURCE = "/org/pneumostream/classifier/champion.safetensors";

  private ShippedModel() {}

  /**
   * Its weights; the metadata describes their training and their input.
   *
   * @throws ModelException if this build lacks the model, or it does not fit this network
   */
  public static ModelWeights weights() {
    return read(RESOURCE);
  }

  static ModelWeights read(String resource) {
    try (InputStream file = ShippedModel.class.getResourceAsStream(resource)) {
      if (file == null) {
        throw new ModelException("this build has no model: " + resource + " is missing");
      }
      return ModelWeights.fromSafetensors(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
