package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Services log at INFO; commands only warnings and errors. */
@Timeout(300)
class LogLevelTest {
  /** The command line, which prints its log levels at its end. */
  static final class Told {
    public static void main(String[] arguments) {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () ->
                      System.out.println(
                          "logs INFO: " + LoggerFactory.getLogger("org.x").isInfoEnabled())));
      Pneumostream.main(arguments);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ingest --config missing, true, 2",
    "trainer --config missing, true, 2",
    "settings, false, 0",
    "topics --help, false, 0"
  })
  void onlyServicesLogAtInfoLevel(String command, boolean info, int status) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Told.class.getName()));
    line.addAll(List.of(command.split(" ")));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isEqualTo(status);
    assertThat(output).contains("logs INFO: " + info);
  }
}
