package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
  @CsvSource({"ingest, true", "trainer, true", "settings, false", "topics, false"})
  void onlyServicesLogAtInfoLevel(String command, boolean info) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Told.class.getName(),
                command,
                "--help")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(output).contains("logs INFO: " + info);
  }
}
