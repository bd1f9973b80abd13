package org.pneumostream.preprocess;

import java.nio.file.Path;
import java.util.List;
import org.pneumostream.service.ScanStore;
import org.pneumostream.service.ServiceConfig;
import org.pneumostream.service.Setting;
import org.pneumostream.service.SettingException;
import org.pneumostream.service.Settings;

/**
 * Settings of preprocess-stream.
 *
 * @param preprocessing from scan to volume
 * @param threads stream threads of this process, 1 to 64
 * @param stateDirectory where the tables of volumes and labels lie
 * @param store where scans too large for a record lie
 * @param host address of health and metrics
 * @param port port of health and metrics; 0 for any free one
 */
public record PreprocessConfig(
    Preprocessing preprocessing,
    int threads,
    Path stateDirectory,
    ScanStore store,
    String host,
    int port) {

  public static final Setting<OrientationPolicy> ORIENTATION =
      Setting.choice(
          "orientation",
          OrientationPolicy.CANONICAL,
          OrientationPolicy.class,
          "Which way round scans are looked at: canonical turns them to RAS+, as-stored does not.");
  public static final Setting<Integer> THREADS =
      Setting.integer("preprocess-threads", 1, 1, 64, "Scans preprocessed at the same time.");
  public static final Setting<Integer> PORT =
      Setting.integer(
          "preprocess-stream-port", 8082, 0, 65535, "Port of preprocess-stream's health, metrics.");

  public static final List<Setting<?>> ALL = List.of(ORIENTATION, THREADS, PORT);

  static PreprocessConfig from(Settings settings) {
    return new PreprocessConfig(
        preprocessing(settings),
        settings.get(THREADS),
        settings.get(ServiceConfig.DATA_DIR).resolve("preprocess-state"),
        ServiceConfig.scanStore(settings),
        settings.get(ServiceConfig.HTTP_HOST),
        settings.get(PORT));
  }

  /** The preprocessing that the settings ask for. */
  public static Preprocessing preprocessing(Settings settings) {
    String shape = settings.get(ServiceConfig.INPUT_SHAPE);
    try {
      return new Preprocessing(VolumeShape.parse(shape), settings.get(ORIENTATION));
    } catch (IllegalArgumentException e) {
      throw new SettingException(ServiceConfig.INPUT_SHAPE.key() + ": " + e.getMessage());
    }
  }
}
