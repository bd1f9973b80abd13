package org.pneumostream.cli;

import java.util.List;
import org.pneumostream.settings.Setting;

/**
 * A command that another module adds to the command line: an annotated class that the module names
 * in {@code META-INF/services}. So the command line depends neither on the embedded broker nor on
 * the benchmarks, and has their commands if their jars are present.
 */
public interface Subcommand {
  /** Settings that come with it, in addition to those of the services. */
  default List<Setting<?>> furtherSettings() {
    return List.of();
  }
}
