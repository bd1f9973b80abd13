package org.pneumostream.settings;

import java.nio.file.Path;

/** Where services keep files. */
public final class DataDir {
  public static final Setting<Path> SETTING =
      Setting.path("data-dir", "data", "Where services keep files: scans, spools, state.");

  private DataDir() {}
}
