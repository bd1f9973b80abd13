package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;

class SettingsCommandTest {
  /** A key, commented out if it has no default. */
  private static final Pattern KEY = Pattern.compile("(?m)^#?([a-z][a-z0-9.-]*)=");

  @TempDir private Path folder;

  private final Execution listing = Execution.of("settings");

  @Test
  void listsEveryKeyOnce() {
    List<String> keys = KEY.matcher(listing.out()).results().map(key -> key.group(1)).toList();

    assertThat(listing.status()).isZero();
    assertThat(keys)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            AllSettings.ALL.stream().map(Setting::key).distinct().toList())
        .contains("bootstrap-servers", "inline-max-bytes", "alert-threshold", "train-epochs");
  }

  @Test
  void saysWhichServiceReadsASetting() {
    assertThat(listing.out())
        .containsSubsequence(
            "# ---- shared ----",
            "bootstrap-servers=",
            "# ---- ingest ----",
            "ingest-port=",
            "# ---- scorer ----",
            "alert-threshold=",
            "# ---- trainer ----");
  }

  @Test
  void isPropertiesFileThatSetsEveryDefault() throws Exception {
    Path file = Files.writeString(folder.resolve("p.properties"), listing.out());
    Properties properties = new Properties();
    properties.load(new StringReader(listing.out()));

    Settings settings = Settings.load(AllSettings.ALL, file, Map.of(), Map.of());

    for (Setting<?> setting : AllSettings.ALL) {
      assertThat(properties.getProperty(setting.key(), ""))
          .describedAs(setting.key())
          .isEqualTo(setting.fallback());
      if (settings.has(setting)) {
        assertThat(settings.get(setting)).describedAs(setting.key()).isNotNull();
      }
    }
  }

  @Test
  void commentsHaveMeaningRangeAndEnvironmentName() {
    Matcher blocks =
        Pattern.compile("# (.+) Expected: (.+)\\. PNEUMOSTREAM_([A-Z0-9_]+)\\R#?(.+)=.*\\R\\R?")
            .matcher(listing.out());

    int described = 0;
    while (blocks.find()) {
      described++;
      assertThat(blocks.group(1)).endsWith(".");
      assertThat(blocks.group(3))
          .isEqualToIgnoringCase(blocks.group(4).replace('-', '_').replace('.', '_'));
    }
    assertThat(described).isEqualTo(AllSettings.ALL.size());
  }
}
