package org.pneumostream.settings;

import java.nio.file.Path;

/** The setting for the directory in which services keep files. */
public final class DataDir {
  public static final Setting<Path> SETTING =
      Setting.path("data-dir", "data", "Directory for the services' files: scans, spools, state.");

  private DataDir() {}
}
