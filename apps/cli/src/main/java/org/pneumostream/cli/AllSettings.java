package org.pneumostream.cli;

import java.util.ArrayList;
import java.util.List;
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

/**
 * All settings of all services, so that one file can serve every service and a misspelt key is
 * found.
 */
public final class AllSettings {
  public static final List<Setting<?>> ALL = all();

  private AllSettings() {}

  private static List<Setting<?>> all() {
    List<Setting<?>> all = new ArrayList<>();
    all.addAll(KafkaSettings.ALL);
    all.addAll(HttpConfig.ALL);
    all.addAll(TracingConfig.ALL);
    all.add(DataDir.SETTING);
    all.addAll(ModelSettings.ALL);
    all.add(LostPosition.SETTING);
    all.addAll(ScanLimits.ALL);
    all.addAll(ScanStoreConfig.ALL);
    for (ServiceType service : ServiceType.values()) {
      all.addAll(service.settings());
    }
    all.addAll(StatusConfig.ALL);
    ServiceLoader.load(Subcommand.class).forEach(command -> all.addAll(command.furtherSettings()));
    return List.copyOf(all);
  }
}
