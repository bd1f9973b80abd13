package org.pneumostream.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.pneumostream.settings.Settings;
import picocli.CommandLine.Option;

/** Options for any setting. */
class SettingOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE.properties",
      description = "File with settings; keys under kafka. go to the Kafka clients unchanged.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting; 'pneumostream settings' lists them.")
  private Map<String, String> set = new LinkedHashMap<>();

  /** The settings in {@code --set}. */
  public final Map<String, String> given() {
    return Map.copyOf(set);
  }

  /** All effective settings. */
  public final Settings settings() {
    return settings(Map.of());
  }

  /** All effective settings, including those of further options. */
  Settings settings(Map<String, String> more) {
    Map<String, String> commandLine = new HashMap<>(set);
    commandLine.putAll(more);
    return Settings.load(AllSettings.ALL, config, System.getenv(), commandLine);
  }
}
