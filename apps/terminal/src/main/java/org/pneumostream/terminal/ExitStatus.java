package org.pneumostream.terminal;

import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.pneumostream.settings.FileProblem;
import org.pneumostream.settings.SettingException;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** A command's exit status: 0 done, 1 failed, 2 wrong usage. */
public final class ExitStatus {
  public static final int DONE = CommandLine.ExitCode.OK;
  public static final int FAILED = CommandLine.ExitCode.SOFTWARE;
  public static final int WRONG_USAGE = CommandLine.ExitCode.USAGE;

  /** The root command's option that adds the stack trace to an error. */
  public static final String VERBOSE = "--verbose";

  private ExitStatus() {}

  /** Prints the error, with the stack trace if requested; returns the exit status. */
  public static int of(Exception failure, CommandLine command) {
    Throwable cause = failure;
    while ((cause instanceof ExecutionException || cause instanceof UncheckedIOException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    command.getErr().println(command.getCommandName() + ": " + oneLine(cause));
    OptionSpec verbose = command.getCommandSpec().root().findOption(VERBOSE);
    if (verbose != null && Boolean.TRUE.equals(verbose.getValue())) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace, true));
      command.getErr().print(trace);
      command.getErr().flush();
    }
    return cause instanceof SettingException ? WRONG_USAGE : FAILED;
  }

  /** The error in one line, with its kind if the message alone is not enough. */
  private static String oneLine(Throwable e) {
    String message = e.getMessage();
    if (message == null || e instanceof FileNotFoundException) {
      return e.toString();
    }
    if (e instanceof FileSystemException file) {
      return FileProblem.of(file);
    }
    if (e instanceof FileException) {
      return message; // A file's name may have several lines.
    }
    return e instanceof CancellationException ? "stopped" : message.lines().findFirst().orElse("");
  }
}
