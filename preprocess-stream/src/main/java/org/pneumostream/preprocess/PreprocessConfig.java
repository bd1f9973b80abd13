package org.pneumostream.preprocess;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.preprocessing.Plausibility;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.scanstore.ScanLimits;
import org.pneumostream.scanstore.ScanStoreConfig;
import org.pneumostream.settings.DataDir;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

/**
 * Configuration of preprocess-stream.
 *
 * @param preprocessing converts scans to volumes
 * @param threads stream threads of this process, 1 to 64
 * @param stateDirectory directory of the tables of scans, places and labels
 * @param scanStore location of scans too large for a record
 * @param limits largest scan read, uncompressed and along an axis
 * @param port port of health and metrics; 0 for any free one
 */
public record PreprocessConfig(
    Preprocessing preprocessing,
    int threads,
    Path stateDirectory,
    ScanStoreConfig scanStore,
    ReadLimits limits,
    int port) {

  public static final Setting<Integer> THREADS =
      Setting.integer("preprocess-threads", 1, 1, 64, "Scans preprocessed at the same time.");
  public static final Setting<Integer> PORT =
      Setting.integer(
          "preprocess-stream-port", 8082, 0, 65535, "Port of preprocess-stream's health.");

  public static final Setting<Integer> PLAUSIBLE_SLICES =
      Setting.integer(
          "plausible-slices",
          Plausibility.DEFAULT.fewestSlices(),
          1,
          10_000,
          "Scans with fewer slices carry a warning.");
  public static final Setting<Double> PLAUSIBLE_GAP_MM =
      Setting.decimal(
          "plausible-gap-mm",
          Plausibility.DEFAULT.widestGapMm(),
          0.01,
          1000,
          "Scans with larger gaps between slices, in mm, carry a warning.");
  public static final Setting<Double> PLAUSIBLE_EXTENT_FROM_MM =
      Setting.decimal(
          "plausible-extent-from-mm",
          Plausibility.DEFAULT.leastExtentMm(),
          0,
          5000,
          "Scans that are shorter along an axis, in mm, carry a warning.");
  public static final Setting<Double> PLAUSIBLE_EXTENT_TO_MM =
      Setting.decimal(
          "plausible-extent-to-mm",
          Plausibility.DEFAULT.greatestExtentMm(),
          0,
          5000,
          "Scans that are longer along an axis, in mm, carry a warning.");
  public static final Setting<Double> PLAUSIBLE_LUNG_SHARE =
      Setting.decimal(
          "plausible-lung-share",
          Plausibility.DEFAULT.leastLungShare(),
          0,
          1,
          "Scans with a smaller share of aerated lung (-950 to -600 HU) carry a warning.");

  public static final Setting<Double> MAX_NON_FINITE_SHARE =
      Setting.decimal(
          "max-non-finite-share",
          Preprocessing.MAX_NON_FINITE_SHARE,
          0,
          1,
          "Scans with a larger share of NaN or infinite voxels are refused; a smaller one warns.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(PreprocessConfig.class);

  static PreprocessConfig from(Settings settings) {
    return new PreprocessConfig(
        preprocessing(settings),
        settings.get(THREADS),
        settings.get(DataDir.SETTING).resolve("preprocess-state"),
        ScanStoreConfig.from(settings),
        new ReadLimits(
            settings.get(ScanLimits.MAX_UNCOMPRESSED_BYTES),
            settings.get(ScanLimits.MAX_DIMENSION)),
        settings.get(PORT));
  }

  /** Creates the preprocessing from the settings. */
  public static Preprocessing preprocessing(Settings settings) {
    return new Preprocessing(
        settings.get(ModelSettings.INPUT_SHAPE),
        settings.get(ModelSettings.ORIENTATION),
        parsed("plausible", () -> plausibility(settings)),
        settings.get(MAX_NON_FINITE_SHARE));
  }

  private static Plausibility plausibility(Settings settings) {
    return new Plausibility(
        settings.get(PLAUSIBLE_SLICES),
        settings.get(PLAUSIBLE_GAP_MM),
        settings.get(PLAUSIBLE_EXTENT_FROM_MM),
        settings.get(PLAUSIBLE_EXTENT_TO_MM),
        settings.get(PLAUSIBLE_LUNG_SHARE));
  }

  private static <T> T parsed(String key, Supplier<T> value) {
    try {
      return value.get();
    } catch (SettingException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new SettingException(key + ": " + e.getMessage());
    }
  }
}
