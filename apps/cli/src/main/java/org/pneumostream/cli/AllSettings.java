package org.pneumostream.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.LostPosition;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.runtime.TracingConfig;
import org.pneumostream.scanstore.ScanLimits;
import org.pneumostream.scanstore.ScanStoreConfig;
import org.pneumostream.services.ServiceType;
import org.pneumostream.settings.DataDir;
import org.pneumostream.settings.Setting;
import org.pneumostream.status.StatusConfig;
import picocli.CommandLine;

/**
 * All settings of all services, so that one file can serve every service and a misspelt key is
 * found.
 */
public final class AllSettings {
  /** By what reads them: {@code shared}, or a service, {@code status} or another command. */
  public static final Map<String, List<Setting<?>>> BY_READER = byReader();

  public static final List<Setting<?>> ALL =
      BY_READER.values().stream().<Setting<?>>flatMap(List::stream).toList();

  private AllSettings() {}

  private static Map<String, List<Setting<?>>> byReader() {
    Map<String, List<Setting<?>>> settings = new LinkedHashMap<>();
    List<Setting<?>> shared = new ArrayList<>();
    shared.addAll(KafkaSettings.ALL);
    shared.addAll(HttpConfig.ALL);
    shared.addAll(TracingConfig.ALL);
    shared.add(DataDir.SETTING);
    shared.addAll(ModelSettings.ALL);
    shared.add(LostPosition.SETTING);
    shared.addAll(ScanLimits.ALL);
    shared.addAll(ScanStoreConfig.ALL);
    settings.put("shared", shared);
    for (ServiceType service : ServiceType.values()) {
      settings.put(service.toString(), service.settings());
    }
    settings.put("status", StatusConfig.ALL);
    for (Subcommand command : ServiceLoader.load(Subcommand.class)) {
      if (!command.furtherSettings().isEmpty()) {
        settings.put(new CommandLine(command).getCommandName(), command.furtherSettings());
      }
    }
    return settings;
  }
}
