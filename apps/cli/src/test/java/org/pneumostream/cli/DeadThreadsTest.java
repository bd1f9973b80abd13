package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class DeadThreadsTest {
  /** A service in which a thread dies of an error or an exception. */
  static final class Service {
    public static void main(String[] arguments) throws Exception {
      DeadThreads.endsTheProcessOnErrors();
      Thread thread =
          new Thread(
              () -> {
                if (arguments[0].equals("error")) {
                  throw new StackOverflowError("of a library");
                }
                throw new IllegalStateException("of one task");
              },
              "state-updater");
      thread.start();
      thread.join();
      if (arguments[0].equals("exception")) {
        System.exit(0);
      }
      new CountDownLatch(1).await();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "error, 1, thread state-updater died: java.lang.StackOverflowError: of a library",
    "exception, 0, thread state-updater died: java.lang.IllegalStateException: of one task"
  })
  void anErrorEndsTheProcessWhateverItsOtherThreadsDo(String kind, int status, String said)
      throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Service.class.getName(),
                kind)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(status);
    assertThat(output).contains(said);
  }
}
