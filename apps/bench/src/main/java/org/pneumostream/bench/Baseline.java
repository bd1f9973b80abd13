package org.pneumostream.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.pneumostream.classifier.Execution;
import org.pneumostream.volume.InputShape;

/**
 * The same network in the same engine, computed layer by layer in a JVM with default settings: a
 * child process that does its work once for every line that it receives.
 */
final class Baseline implements AutoCloseable {
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  private Baseline(Process process) {
    this.process = process;
    this.requests =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts the child.
   *
   * @param work {@code score} or {@code train}
   */
  static Baseline start(String work, InputShape shape) throws IOException {
    // Hides the engine's warning about its environment, which is intended.
    ProcessBuilder builder =
        ChildJvm.of(
            Baseline.class, List.of("-Dpneumostream.log.level=ERROR"), work, shape.toString());
    builder
        .environment()
        .keySet()
        .removeIf(key -> key.startsWith("MALLOC_") || key.startsWith("GOMP_"));
    builder.environment().remove("LD_PRELOAD");
    return new Baseline(builder.start());
  }

  /** Does the work once and returns its result. */
  double run() throws IOException {
    requests.write("run\n");
    requests.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the layer-by-layer child process has ended");
    }
    return Double.parseDouble(answer);
  }

  @Override
  public void close() throws IOException {
    requests.close();
    process.onExit().join();
  }

  /** The child's main method. */
  public static void main(String[] arguments) throws IOException {
    InputShape shape = InputShape.parse(arguments[1]);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (NetworkWork work = NetworkWork.of(arguments[0], shape, Execution.LAYER_BY_LAYER)) {
      while (in.readLine() != null) {
        System.out.println(work.run());
      }
    }
  }
}
