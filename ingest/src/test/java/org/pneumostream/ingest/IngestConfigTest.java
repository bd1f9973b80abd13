package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.scanstore.ScanLimits;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

class IngestConfigTest {

  @Test
  void hasTheDocumentedDefaults() {
    IngestConfig config = IngestConfig.from(settings(Map.of()));

    assertThat(config.port()).isEqualTo(8080);
    assertThat(config.inlineMaxBytes()).isEqualTo(4 << 20);
    assertThat(config.maxScanBytes()).isEqualTo(1 << 30);
    assertThat(config.readLimits().maxUncompressedBytes()).isEqualTo(8L << 30);
    assertThat(config.readLimits().maxDimension()).isEqualTo(4096);
    assertThat(config.maxConcurrentPushes()).isEqualTo(32);
    assertThat(config.publishTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(config.watch()).isEmpty();
    assertThat(config.watchSettle()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.pseudonyms()).isEmpty();
  }

  @Test
  void readsEachSettingUnderItsKey() {
    IngestConfig config =
        IngestConfig.from(
            settings(
                Map.of(
                    "ingest-port", "0",
                    "max-scan-bytes", "3 MiB",
                    "max-uncompressed-bytes", "9 MiB",
                    "max-dimension", "600",
                    "max-concurrent-pushes", "7",
                    "publish-timeout", "4 s",
                    "watch", "in",
                    "watch-settle", "5 s")));

    assertThat(config.port()).isZero();
    assertThat(config.maxScanBytes()).isEqualTo(3 << 20);
    assertThat(config.readLimits().maxUncompressedBytes()).isEqualTo(9 << 20);
    assertThat(config.readLimits().maxDimension()).isEqualTo(600);
    assertThat(config.maxConcurrentPushes()).isEqualTo(7);
    assertThat(config.publishTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(config.watch()).contains(Path.of("in"));
    assertThat(config.watchSettle()).isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource({
    "ingest-port, 65536",
    "max-scan-bytes, 0",
    "max-dimension, 0",
    "max-concurrent-pushes, 0",
    "publish-timeout, 10 ms",
    "watch-settle, soon"
  })
  void refusesValuesOutOfRange(String key, String value) {
    assertThatThrownBy(() -> settings(Map.of(key, value)))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(key + ": '" + value + "', expected ");
  }

  @Test
  void refusesAShortSecretWithoutQuotingIt() {
    Settings settings = settings(Map.of("study-key-secret", "not long enough"));

    assertThatThrownBy(() -> IngestConfig.from(settings))
        .isInstanceOf(SettingException.class)
        .hasMessage("study-key-secret: 15 characters, expected at least 16");
  }

  private static Settings settings(Map<String, String> values) {
    List<Setting<?>> known = new ArrayList<>(KafkaSettings.ALL);
    known.addAll(ModelSettings.ALL);
    known.addAll(ScanLimits.ALL);
    known.addAll(IngestConfig.ALL);
    return Settings.of(known, values);
  }
}
