package org.pneumostream.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.pneumostream.phantom.Phantom;
import org.pneumostream.phantom.PhantomFinding;
import org.pneumostream.phantom.PhantomSize;
import picocli.CommandLine;

/**
 * One run of the command line in this JVM.
 *
 * @param status exit status
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record Execution(int status, String out, String err) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PhantomSize SMALL = new PhantomSize(64, 64, 48);

  public static Execution of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = Pneumostream.commandLine(out, err);
    int status =
        commandLine.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    return new Execution(status, out.toString(), err.toString());
  }

  public List<String> outLines() {
    return out.lines().toList();
  }

  public List<String> errLines() {
    return err.lines().toList();
  }

  /** Standard output, where it is one JSON object on one line. */
  public JsonNode json() throws IOException {
    if (outLines().size() != 1) {
      throw new AssertionError("expected one line, got: " + out + err);
    }
    return JSON.readTree(out);
  }

  /** A file with a phantom of 64×64×48 voxels. */
  public static Path phantom(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    Phantom.generate(11, PhantomFinding.ABNORMAL, SMALL).writeTo(file);
    return file;
  }
}
