package org.pneumostream.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.pneumostream.classifier.InputShape;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.preprocess.OrientationPolicy;
import org.pneumostream.preprocess.Preprocessing;
import org.pneumostream.trainer.Candidate;

/**
 * A model as {@code fit} and {@code models export} write it.
 *
 * @param weights of the network
 * @param shape volumes it takes; the reference's if the file does not say
 * @param orientation which way round the scans were that it was trained on, if the file says so
 * @param version its number, or where it has none the start of its hash
 */
record ModelFile(
    ModelWeights weights,
    InputShape shape,
    Optional<OrientationPolicy> orientation,
    String version) {
  private static final int SHORT_HASH = 12;

  /**
   * @throws FileException naming the file, if it holds no model of this network, or one of another
   *     preprocessing
   * @throws FileSystemException if there is no such file, or it cannot be opened
   */
  static ModelFile read(Path file) throws IOException {
    try {
      return of(ModelWeights.fromSafetensors(Files.readAllBytes(file)));
    } catch (FileSystemException e) {
      throw e; // Says by itself which file it is about.
    } catch (IOException | ModelException e) {
      throw new FileException(file, e);
    }
  }

  /**
   * Reads the metadata; what it does not say is taken to fit.
   *
   * @throws ModelException naming the key and the value that cannot be used
   */
  static ModelFile of(ModelWeights weights) {
    Map<String, String> metadata = weights.metadata();
    String needs = metadata.get(Candidate.PREPROCESSING_VERSION);
    if (needs != null && !needs.equals(Integer.toString(Preprocessing.VERSION))) {
      throw new ModelException(
          "metadata %s: '%s', expected %d"
              .formatted(Candidate.PREPROCESSING_VERSION, needs, Preprocessing.VERSION));
    }
    String version = metadata.get(Candidate.MODEL_VERSION);
    return new ModelFile(
        weights,
        parsed(metadata, Candidate.INPUT_SHAPE, InputShape::parse).orElse(InputShape.FULL),
        parsed(metadata, Candidate.ORIENTATION, OrientationPolicy::parse),
        version == null ? weights.hash().substring(0, SHORT_HASH) : version);
  }

  /** Whether a network was trained on scans of nobody. */
  static boolean isSynthetic(ModelWeights weights) {
    return weights.metadata().containsKey(Candidate.SYNTHETIC);
  }

  /** What a picture of a model is headed: name, version, and a warning where one is due. */
  static String title(String name, String version, ModelWeights weights) {
    return "%s %s%s"
        .formatted(name, version, isSynthetic(weights) ? ", trained on synthetic scans" : "");
  }

  private static <T> Optional<T> parsed(
      Map<String, String> metadata, String key, Function<String, T> parser) {
    try {
      return Optional.ofNullable(metadata.get(key)).map(parser);
    } catch (IllegalArgumentException e) {
      throw new ModelException("metadata " + key + ": " + e.getMessage(), e);
    }
  }
}
