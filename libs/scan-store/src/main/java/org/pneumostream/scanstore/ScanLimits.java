package org.pneumostream.scanstore;

import java.util.List;
import org.pneumostream.settings.Setting;

/** Settings for the largest scan that is accepted and read. */
public final class ScanLimits {
  public static final Setting<Long> MAX_UNCOMPRESSED_BYTES =
      Setting.size(
          "max-uncompressed-bytes",
          "8 GiB",
          1,
          1L << 42,
          "Largest scan accepted, in bytes after decompression.");
  public static final Setting<Integer> MAX_DIMENSION =
      Setting.integer("max-dimension", 4096, 1, 1 << 20, "Longest axis of a scan, in voxels.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(ScanLimits.class);

  private ScanLimits() {}
}
