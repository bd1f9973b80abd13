package org.pneumostream.terminal;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.pneumostream.schemas.Finding;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Parses values of the command line that picocli does not support. */
public final class Arguments {
  private Arguments() {}

  public static Finding finding(CommandSpec spec, String name, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "normal" -> Finding.NORMAL;
      case "abnormal" -> Finding.ABNORMAL;
      default -> throw wrong(spec, name + ": '" + text + "', expected normal or abnormal");
    };
  }

  public static OrientationPolicy orientation(CommandSpec spec, String text) {
    try {
      return OrientationPolicy.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(spec, "--orientation: " + e.getMessage());
    }
  }

  public static InputShape shape(CommandSpec spec, String text) {
    try {
      return InputShape.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(spec, "--shape: " + e.getMessage());
    }
  }

  /** A file's name without its folders, which may reveal too much. */
  public static String name(Path file) {
    Path name = file.getFileName();
    return name == null ? file.toString() : name.toString();
  }

  /** A command of its own, by name. */
  public static CommandSpec subcommand(CommandSpec spec, String name) {
    return Objects.requireNonNull(spec.subcommands().get(name), name).getCommandSpec();
  }

  public static ParameterException wrong(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
