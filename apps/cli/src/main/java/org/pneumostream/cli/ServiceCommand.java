package org.pneumostream.cli;

import java.util.concurrent.Callable;
import org.pneumostream.runtime.Service;
import org.pneumostream.services.ServiceType;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs one service against any cluster until it is stopped. */
@Command(mixinStandardHelpOptions = true)
final class ServiceCommand implements Callable<Integer> {
  private final ServiceType service;

  @Mixin private ConnectionOptions connection;

  private ServiceCommand(ServiceType service) {
    this.service = service;
  }

  static CommandLine of(ServiceType service) {
    CommandLine command = new CommandLine(new ServiceCommand(service));
    command.getCommandSpec().name(service.toString()).usageMessage().description(service.summary());
    return command;
  }

  @Override
  public Integer call() throws Exception {
    return Foreground.runService(() -> service.start(connection.settings()), Service::stopped);
  }
}
