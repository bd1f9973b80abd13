package org.pneumostream.cli;

import java.io.PrintWriter;
import org.pneumostream.settings.Setting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists every setting, as a commented properties file. */
@Command(
    name = "settings",
    description = "List every setting with its meaning, range and default.",
    mixinStandardHelpOptions = true)
final class SettingsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    AllSettings.BY_READER.forEach(
        (reader, settings) -> {
          out.printf("# ---- %s ----%n%n", reader);
          settings.forEach(setting -> print(out, setting));
        });
    out.flush();
  }

  private static void print(PrintWriter out, Setting<?> setting) {
    out.printf(
        "# %s Expected: %s. %s%n",
        setting.meaning(), setting.expected(), setting.environmentName());
    out.printf(
        "%s%s=%s%n%n", setting.fallback().isEmpty() ? "#" : "", setting.key(), setting.fallback());
  }
}
