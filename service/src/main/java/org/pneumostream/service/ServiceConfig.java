package org.pneumostream.service;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

/** Settings that more than one service shares, those of HTTP and tracing included. */
public final class ServiceConfig {
  public static final Setting<Path> DATA_DIR =
      Setting.path("data-dir", "data", "Where services keep files: scans, spools, state.");
  public static final Setting<String> MODEL_NAME =
      Setting.text("model-name", "pneumonia", "Name of the model that is trained and in force.");
  public static final Setting<InputShape> INPUT_SHAPE =
      new Setting<>(
          "input-shape",
          InputShape.FULL.toString(),
          "%s, %d to %d voxels each"
              .formatted(InputShape.FORM, InputShape.NETWORK_MINIMUM, InputShape.NETWORK_MAXIMUM),
          "Width, height and depth of the volumes that the network takes.",
          InputShape::forNetwork);

  /** Made by preprocess-stream, trained on and scored: the same for all. */
  public static final Setting<OrientationPolicy> ORIENTATION =
      Setting.choice(
          "orientation",
          OrientationPolicy.CANONICAL,
          OrientationPolicy.class,
          "Which way round scans are looked at: canonical turns them to RAS+, as-stored does not.");

  public static final Setting<Long> MAX_UNCOMPRESSED_BYTES =
      Setting.size(
          "max-uncompressed-bytes", "8 GiB", 1, 1L << 42, "Largest scan taken, uncompressed.");
  public static final Setting<Integer> MAX_DIMENSION =
      Setting.integer("max-dimension", 4096, 1, 1 << 20, "Longest axis of a scan, in voxels.");

  public static final List<Setting<?>> ALL =
      Stream.of(
              HttpConfig.ALL,
              TracingConfig.ALL,
              List.of(
                  DATA_DIR,
                  MODEL_NAME,
                  LostPosition.SETTING,
                  INPUT_SHAPE,
                  ORIENTATION,
                  MAX_UNCOMPRESSED_BYTES,
                  MAX_DIMENSION),
              ScanStoreConfig.ALL)
          .<Setting<?>>flatMap(List::stream)
          .toList();

  private ServiceConfig() {}

  /**
   * The store of scans too large for a record.
   *
   * @throws SettingException if there is none where the settings say
   */
  public static ScanStore scanStore(Settings settings) {
    return ScanStoreConfig.open(settings);
  }
}
