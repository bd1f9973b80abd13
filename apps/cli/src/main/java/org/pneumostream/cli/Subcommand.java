package org.pneumostream.cli;

import java.util.List;
import org.pneumostream.settings.Setting;

/**
 * A command that another module adds to the command line: an annotated class that the module names
 * in {@code META-INF/services}. So the command line needs to know neither the embedded broker nor
 * the benchmarks, and has their commands where their jars are.
 */
public interface Subcommand {
  /** Settings that come with it, besides those of the services. */
  default List<Setting<?>> furtherSettings() {
    return List.of();
  }
}
