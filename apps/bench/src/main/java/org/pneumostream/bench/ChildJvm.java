package org.pneumostream.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A child JVM on this one's class path. */
final class ChildJvm {

  private ChildJvm() {}

  /**
   * A process builder with this process's environment and standard error.
   *
   * @param main the class whose {@code main} it runs
   * @param options of the JVM
   */
  static ProcessBuilder of(Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
