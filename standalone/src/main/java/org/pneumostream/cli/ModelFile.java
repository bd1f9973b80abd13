package org.pneumostream.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.pneumostream.classifier.InputShape;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.trainer.Candidate;

/**
 * A model as {@code fit} and {@code models export} write it.
 *
 * @param weights of the network
 * @param shape volumes it takes; the reference's if the file does not say
 * @param version its number, or where it has none the start of its hash
 */
record ModelFile(ModelWeights weights, InputShape shape, String version) {
  private static final int SHORT_HASH = 12;

  /**
   * @throws FileException naming the file, if it holds no model of this network
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

  /** What a picture of a model is headed: its name, its version, and a warning where one is due. */
  static String title(String name, String version, ModelWeights weights) {
    boolean synthetic = weights.metadata().containsKey(Candidate.SYNTHETIC);
    return "%s %s%s".formatted(name, version, synthetic ? ", trained on synthetic scans" : "");
  }

  /**
   * @throws ModelException if its metadata cannot be used
   */
  static ModelFile of(ModelWeights weights) {
    Map<String, String> metadata = weights.metadata();
    String version = metadata.get(Candidate.MODEL_VERSION);
    return new ModelFile(
        weights,
        shape(metadata.getOrDefault(Candidate.INPUT_SHAPE, InputShape.FULL.toString())),
        version == null ? weights.hash().substring(0, SHORT_HASH) : version);
  }

  private static InputShape shape(String text) {
    try {
      return InputShape.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ModelException("metadata " + Candidate.INPUT_SHAPE + ": " + e.getMessage(), e);
    }
  }
}
