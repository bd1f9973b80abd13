package org.pneumostream.cli;

import java.util.concurrent.Callable;
import java.util.function.Function;
import org.pneumostream.runtime.Service;
import org.pneumostream.settings.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs one service against any cluster until it is told to stop. */
@Command(mixinStandardHelpOptions = true)
final class ServiceCommand implements Callable<Integer> {
  private final Function<Settings, Service> start;

  @Mixin private ConnectionOptions connection;

  private ServiceCommand(Function<Settings, Service> start) {
    this.start = start;
  }

  static CommandLine of(String name, String description, Function<Settings, Service> start) {
    CommandLine command = new CommandLine(new ServiceCommand(start));
    command.getCommandSpec().name(name).usageMessage().description(description);
    return command;
  }

  @Override
  public Integer call() throws Exception {
    return Running.until(() -> start.apply(connection.settings()), Service::stopped);
  }
}
