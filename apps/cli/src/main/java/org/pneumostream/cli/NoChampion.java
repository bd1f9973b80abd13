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

/** A system that scores nothing yet, and what to type. */
public final class NoChampion {
  private NoChampion() {}

  /** What to do about it in one line; empty if a model is in force. */
  public static Optional<String> hint(Settings settings) {
    KafkaConnection kafka = KafkaSettings.connection(settings);
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, settings.get(ModelSettings.NAME))) {
      return catalogue.refresh().champion().isPresent()
          ? Optional.empty()
          : Optional.of(
              "no model is in force yet, so scans wait; for the model that comes with Pneumostream,"
                  + " trained on synthetic scans, type: ./pneumostream models import"
                  + where(settings));
    }
  }

  /** The options by which the command finds this system, where the defaults do not. */
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
