package org.pneumostream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class ChildProcessTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "12", "12 ", "no number\n"})
  void ignoresAnIncompleteNote(String note) throws Exception {
    try (DataDirectory data = DataDirectory.hold(directory)) {
      Files.writeString(data.resolve("child.pid"), note);

      ChildProcess.runToEnd("child", data, List.of("-version"));

      assertThat(data.resolve("child.pid")).doesNotExist();
    }
  }

  @Test
  void endsAProcessLeftOverFromAKilledRun() {
    try (DataDirectory data = DataDirectory.hold(directory)) {
      ChildProcess child = startWaiting(data);
      ProcessHandle process = ProcessHandle.of(child.pid()).orElseThrow();

      ChildProcess.endLeftOver("child", data);

      assertThat(process.isAlive()).isFalse();
      assertThat(data.resolve("child.pid")).doesNotExist();
    }
  }

  /** Allocates too much memory on one thread, and waits on another. */
  static final class OutOfMemory {
    static volatile byte[][] kept;

    public static void main(String[] arguments) throws Exception {
      Thread hungry = new Thread(() -> kept = new byte[1 << 20][1 << 30]);
      hungry.start();
      hungry.join();
      new CountDownLatch(1).await();
    }
  }

  /** Prints its arguments, one per line, and exits with status 1. */
  static final class Failing {
    public static void main(String[] arguments) {
      List.of(arguments).forEach(System.out::println);
      System.exit(1);
    }
  }

  @Test
  void aChildOutOfMemoryEndsWhateverItsOtherThreadsDo() {
    try (DataDirectory data = DataDirectory.hold(directory);
        ChildProcess child = start(data, OutOfMemory.class)) {
      assertThatThrownBy(() -> child.ended().join())
          .hasMessageContaining("child ended with status 3: java.lang.OutOfMemoryError")
          .hasMessageEndingWith("; see " + data.resolve("logs").resolve("child.log"));
    }
  }

  static Stream<Arguments> reasons() {
    String fullDisk = "05:04:15.123 ERROR data-plane-1 Error while appending to volumes-0";
    String cause = "java.io.IOException: No space left on device";
    String end = "05:04:16.001 ERROR main Shutdown broker because all log dirs have failed";
    return Stream.of(
        arguments(List.of("started"), ""),
        arguments(List.of("started", end), ": " + end.substring(19)),
        arguments(
            List.of(fullDisk, cause, "\tat java.base/sun.nio.ch", end),
            ": main Shutdown broker because all log dirs have failed (" + cause + ")"),
        arguments(
            List.of(
                "2026-11-25 05:04:16,001 ERROR [io.quarkus] (main) Failed to start application",
                "java.lang.RuntimeException: Failed to start quarkus",
                "Caused by: java.net.BindException: Address already in use"),
            ": [io.quarkus] (main) Failed to start application"
                + " (java.net.BindException: Address already in use)"),
        arguments(
            List.of("Exception in thread \"main\" java.lang.NullPointerException: no"),
            ": java.lang.NullPointerException: no"));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void reportsAChildThatEndedWithItsLastError(List<String> said, String reason) {
    try (DataDirectory data = DataDirectory.hold(directory);
        ChildProcess earlier = start(data, Failing.class, "1:00 ERROR from an earlier run")) {
      assertThat(earlier.ended()).failsWithin(Duration.ofMinutes(5));

      try (ChildProcess child = start(data, Failing.class, said.toArray(String[]::new))) {
        assertThatThrownBy(() -> child.ended().join())
            .hasMessageEndingWith(
                "child ended with status 1"
                    + reason
                    + "; see "
                    + data.resolve("logs").resolve("child.log"));
      }
    }
  }

  @Test
  void aChildToldToEndHasNotFailed() {
    try (DataDirectory data = DataDirectory.hold(directory)) {
      ChildProcess child = startWaiting(data);

      child.close();

      assertThat(child.ended()).succeedsWithin(Duration.ofMinutes(5));
    }
  }

  /** A child that waits for a debugger, which never connects. */
  private static ChildProcess startWaiting(DataDirectory data) {
    return ChildProcess.start(
        "child",
        data,
        Map.of(),
        List.of("-agentlib:jdwp=transport=dt_socket,server=y,suspend=y", "-version"));
  }

  private static ChildProcess start(DataDirectory data, Class<?> main, String... arguments) {
    return ChildProcess.start(
        "child", data, Map.of(), EmbeddedKafka.java(main.getName(), arguments));
  }
}
