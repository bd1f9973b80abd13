package org.pneumostream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChildProcessTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "12", "12 ", "no number\n"})
  void aNoteThatWasNotWrittenWholeIsNone(String note) throws Exception {
    try (DataDirectory data = DataDirectory.hold(directory)) {
      Files.writeString(data.resolve("child.pid"), note);

      ChildProcess.runToEnd("child", data, List.of("-version"));

      assertThat(data.resolve("child.pid")).doesNotExist();
    }
  }

  @Test
  void whatIsLeftOverOfAKilledRunIsEnded() {
    try (DataDirectory data = DataDirectory.hold(directory)) {
      // Waits for a debugger that never comes.
      ChildProcess child =
          ChildProcess.start(
              "child",
              data,
              Map.of(),
              List.of("-agentlib:jdwp=transport=dt_socket,server=y,suspend=y", "-version"));
      ProcessHandle process = ProcessHandle.of(child.pid()).orElseThrow();

      ChildProcess.endLeftOver("child", data);

      assertThat(process.isAlive()).isFalse();
      assertThat(data.resolve("child.pid")).doesNotExist();
    }
  }
}
