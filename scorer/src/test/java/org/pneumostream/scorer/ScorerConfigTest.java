package org.pneumostream.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.classifier.Precision;
import org.pneumostream.runtime.LostPosition;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

class ScorerConfigTest {
  private static final List<Setting<?>> KNOWN =
      Stream.of(ScorerConfig.ALL, ModelSettings.ALL, List.<Setting<?>>of(LostPosition.SETTING))
          .<Setting<?>>flatMap(List::stream)
          .toList();

  @Test
  void hasTheDocumentedDefaults() {
    ScorerConfig config = config(Map.of());

    assertThat(config.alertThreshold()).isEqualTo(0.5);
    assertThat(Path.of("..", "docs", "alerts", "README.md"))
        .content()
        .contains("`alert-threshold` (default 0.5)");
    assertThat(config.precision()).isEqualTo(Precision.FULL);
    assertThat(config.batchMax()).isEqualTo(4);
    assertThat(config.batchWait()).isEqualTo(Duration.ZERO);
    assertThat(config.port()).isEqualTo(8083);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.1", "1.1", "NaN", "half"})
  void refusesAThresholdThatIsNoProbability(String threshold) {
    assertThatThrownBy(() -> config(Map.of("alert-threshold", threshold)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("alert-threshold")
        .hasMessageContaining(threshold);
  }

  private static ScorerConfig config(Map<String, String> values) {
    return ScorerConfig.from(Settings.of(KNOWN, values));
  }
}
