package org.pneumostream.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.pneumostream.settings.DataDir;
import org.pneumostream.settings.Settings;
import picocli.CommandLine.Option;

/** Options of commands that connect to Kafka and keep files, or read the services' files. */
public final class DataDirOptions extends ConnectionOptions {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Directory for files; the same as that of the services on this machine.")
  private Path dataDirectory;

  @Override
  public Settings settings(Map<String, String> more) {
    Map<String, String> all = new HashMap<>();
    if (dataDirectory != null) {
      all.put(DataDir.SETTING.key(), dataDirectory.toString());
    }
    all.putAll(more);
    return super.settings(all);
  }
}
