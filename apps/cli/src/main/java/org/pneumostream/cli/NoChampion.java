package org.pneumostream.cli;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;

/** Hint for a system without a champion. */
public final class NoChampion {
  private NoChampion() {}

  /** The command to run, in one line; empty if there is a champion. */
  public static Optional<String> hint(Settings settings) {
    KafkaConnection kafka = KafkaSettings.connection(settings);
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, settings.get(ModelSettings.NAME))) {
      return catalogue.refresh().champion().isPresent()
          ? Optional.empty()
          : Optional.of(
              "there is no champion yet, so scans wait; to use the shipped model,"
                  + " which was trained on synthetic scans, run: ./pneumostream models import"
                  + where(settings));
    }
  }

  /** The options with which the command finds this system, if not by default. */
  private static String where(Settings settings) {
    return Stream.of(KafkaSettings.BOOTSTRAP_SERVERS, KafkaSettings.SCHEMA_REGISTRY_URL)
        .filter(setting -> !settings.get(setting).equals(setting.fallback()))
        .map(setting -> option(setting, settings))
        .collect(Collectors.joining());
  }

  private static String option(Setting<String> setting, Settings settings) {
    return " --" + setting.key() + " " + settings.get(setting);
  }
}
