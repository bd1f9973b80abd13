package org.pneumostream.cli;

import ch.qos.logback.classic.Level;
import java.io.Console;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.pneumostream.offline.InfoCommand;
import org.pneumostream.offline.MontageCommand;
import org.pneumostream.offline.PhantomCommand;
import org.pneumostream.offline.PredictCommand;
import org.pneumostream.offline.PreprocessCommand;
import org.pneumostream.services.ServiceType;
import org.pneumostream.terminal.ExitStatus;
import org.pneumostream.terminal.PrintableWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The command line. Exit status: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "pneumostream",
    description = "An event-driven streaming classifier of chest CT.",
    footer = "%nFor research use, not a medical device.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Pneumostream {
  private static final List<Class<?>> COMMANDS =
      List.of(
          PublishCommand.class,
          LabelCommand.class,
          PredictionsCommand.class,
          AlertsCommand.class,
          ModelsCommand.class,
          TrainCommand.class,
          DeadLettersCommand.class,
          TopicsCommand.class,
          StatusCommand.class,
          AuditCommand.class,
          EraseCommand.class,
          InfoCommand.class,
          PreprocessCommand.class,
          MontageCommand.class,
          PredictCommand.class,
          FitCommand.class,
          PhantomCommand.class,
          SettingsCommand.class);

  @Option(
      names = ExitStatus.VERBOSE,
      scope = ScopeType.INHERIT,
      description = "Add the stack trace to an error.")
  private boolean verbose;

  public static void main(String[] arguments) {
    // What a command has to say, it prints; a service logs: Foreground.runService.
    RootLogger.set(Level.WARN);
    System.exit(commandLine().execute(arguments));
  }

  private static CommandLine commandLine() {
    Console console = System.console();
    Charset charset = console == null ? Charset.defaultCharset() : console.charset();
    return commandLine(
        new OutputStreamWriter(System.out, charset), new OutputStreamWriter(System.err, charset));
  }

  /** All commands print to these writers, through a {@link PrintableWriter}. */
  static CommandLine commandLine(Writer out, Writer err) {
    CommandLine root = new CommandLine(new Pneumostream());
    ServiceLoader.load(Subcommand.class).forEach(root::addSubcommand);
    COMMANDS.forEach(root::addSubcommand);
    Arrays.stream(ServiceType.values()).map(ServiceCommand::of).forEach(root::addSubcommand);
    return root.setOut(new PrintableWriter(out, true))
        .setErr(new PrintableWriter(err, true))
        .setParameterExceptionHandler(Pneumostream::wrongUsage)
        .setExecutionExceptionHandler((e, command, parsed) -> ExitStatus.of(e, command));
  }

  private static int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String help = command.getCommandSpec().qualifiedName() + " --help";
    command.getErr().println(command.getCommandName() + ": " + e.getMessage() + "; see " + help);
    return ExitStatus.WRONG_USAGE;
  }
}
