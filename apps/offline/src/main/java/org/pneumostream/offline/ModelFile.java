package org.pneumostream.offline;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelMetadata;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.jnifti.RegularFile;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.terminal.FileException;

/**
 * A model file of {@code fit} or {@code models export}.
 *
 * @param weights of the network
 * @param metadata the file's metadata
 */
public record ModelFile(ModelWeights weights, ModelMetadata metadata) {
  private static final int SHORT_HASH = 12;

  /**
   * @throws FileException naming the file, if it is not a model of this network, or needs volumes
   *     that this software does not make
   * @throws FileSystemException if the file does not exist or cannot be opened
   */
  public static ModelFile read(Path file) throws IOException {
    try {
      RegularFile.require(file);
      return of(ModelWeights.fromSafetensors(Files.readAllBytes(file)));
    } catch (FileSystemException e) {
      throw e; // Says by itself which file it is about.
    } catch (IOException | ModelException e) {
      throw new FileException(file, e);
    }
  }

  /**
   * Reads the metadata.
   *
   * @throws ModelException naming the unusable key and its value
   */
  public static ModelFile of(ModelWeights weights) {
    ModelMetadata metadata = ModelMetadata.of(weights);
    if (metadata.preprocessingVersion() != Preprocessing.VERSION) {
      throw new ModelException(
          "metadata %s: '%d', expected %d"
              .formatted(
                  ModelMetadata.PREPROCESSING_VERSION,
                  metadata.preprocessingVersion(),
                  Preprocessing.VERSION));
    }
    return new ModelFile(weights, metadata);
  }

  /** Its version number, or the start of its hash if it has none. */
  String version() {
    return metadata.version().orElseGet(() -> weights.hash().substring(0, SHORT_HASH));
  }

  /** Title of a picture of the model: name, version, and a warning if necessary. */
  public String title(String name) {
    return "%s %s%s"
        .formatted(
            name,
            version(),
            metadata.synthetic().isPresent() ? ", trained on synthetic scans" : "");
  }
}
