package org.pneumostream.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.pneumostream.settings.DataDir;
import org.pneumostream.settings.Settings;
import picocli.CommandLine.Option;

/** The options of commands that talk to Kafka and keep files, or look for the services' own. */
public final class DataDirOptions extends ConnectionOptions {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where files are kept: the same for the services of this machine.")
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
