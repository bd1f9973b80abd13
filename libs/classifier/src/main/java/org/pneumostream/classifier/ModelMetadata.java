package org.pneumostream.classifier;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;
import org.pneumostream.volume.VolumeKind;

/**
 * A model file's metadata. A file made elsewhere may have none: it then counts as a model of the
 * reference's input.
 *
 * @param shape shape of the volumes that it takes
 * @param preprocessingVersion version of the preprocessing of its training volumes
 * @param orientation orientation of its training volumes, if known
 * @param version its number among the model's versions, if it is one of them
 * @param synthetic description of the synthetic scans that it was trained on, if any
 */
public record ModelMetadata(
    InputShape shape,
    int preprocessingVersion,
    Optional<OrientationPolicy> orientation,
    Optional<String> version,
    Optional<String> synthetic) {
  public static final String MODEL_NAME = "model_name";
  public static final String MODEL_VERSION = "model_version";
  public static final String INPUT_SHAPE = "input_shape";
  public static final String PREPROCESSING_VERSION = "preprocessing_version";
  public static final String ORIENTATION = "orientation";
  public static final String TRAINING_SCANS = "training_scans";

  /** A JSON array: the splits used to train these weights and those they started from. */
  public static final String TRAINING_SPLITS = "training_splits";

  public static final String SYNTHETIC = "synthetic";

  /**
   * Reads a model's metadata.
   *
   * @throws ModelException naming the malformed entry and its value
   */
  public static ModelMetadata of(ModelWeights weights) {
    Map<String, String> entries = weights.metadata();
    return new ModelMetadata(
        shape(entries.getOrDefault(INPUT_SHAPE, InputShape.FULL.toString())),
        preprocessingVersion(entries.getOrDefault(PREPROCESSING_VERSION, "1")),
        Optional.ofNullable(entries.get(ORIENTATION)).map(ModelMetadata::orientation),
        Optional.ofNullable(entries.get(MODEL_VERSION)),
        Optional.ofNullable(entries.get(SYNTHETIC)));
  }

  /** The kind of volumes that the model takes. */
  public VolumeKind volumes() {
    return new VolumeKind(shape, preprocessingVersion, orientation);
  }

  /** Warnings for readers of the model's predictions, one sentence each. */
  public List<String> warnings() {
    return synthetic.map(scans -> List.of("model trained on synthetic scans")).orElse(List.of());
  }

  private static InputShape shape(String text) {
    try {
      return InputShape.forNetwork(text);
    } catch (IllegalArgumentException e) {
      throw new ModelException("metadata " + INPUT_SHAPE + ": " + e.getMessage(), e);
    }
  }

  private static int preprocessingVersion(String text) {
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw new ModelException(
          "metadata " + PREPROCESSING_VERSION + ": '" + text + "', expected a number from 1");
    }
    return Integer.parseInt(text);
  }

  private static OrientationPolicy orientation(String text) {
    try {
      return OrientationPolicy.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ModelException("metadata " + ORIENTATION + ": " + e.getMessage(), e);
    }
  }
}
