package org.pneumostream.standalone;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.settings.SettingException;

class DataDirectoryTest {
  @TempDir Path temp;

  @Test
  void reportsAnUnusableDirectory() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));

    assertThatThrownBy(() -> DataDirectory.hold(file))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "data-dir: %s: Not a directory, expected a writable directory"
                .formatted(file.resolve("logs")));
    assertThatThrownBy(() -> DataDirectory.hold(file.resolve("data")))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("data-dir: " + file)
        .hasMessageEndingWith(", expected a writable directory")
        .hasMessageNotContaining("Exception");
  }
}
