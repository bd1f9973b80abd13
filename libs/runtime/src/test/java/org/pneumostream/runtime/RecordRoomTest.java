package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

/** Sizes of the largest records. */
class RecordRoomTest {
  private static final int MIB = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    "4 MiB,  128x128x64,  16",
    "4 MiB,  256x256x128, 17",
    "32 MiB, 256x256x128, 33",
    "4 MiB,  256x256x256, 33"
  })
  void fitTheLargestRecordOfTheSettings(String inline, String shape, int mebibytes) {
    assertThat(maxRequestSize(Map.of("inline-max-bytes", inline, "input-shape", shape)))
        .isEqualTo(mebibytes * MIB);
  }

  @Test
  void refusesAShapeTooLargeForBrokers() {
    assertThatThrownBy(() -> maxRequestSize(Map.of("input-shape", "512x512x512")))
        .isInstanceOf(SettingException.class)
        .hasMessage("input-shape: a volume takes 268435456 bytes, expected at most 94371840");
  }

  private static Object maxRequestSize(Map<String, String> values) {
    Settings settings =
        Settings.of(
            List.of(
                KafkaSettings.BOOTSTRAP_SERVERS,
                KafkaSettings.INLINE_MAX_BYTES,
                ModelSettings.INPUT_SHAPE),
            values);
    return KafkaSettings.connection(settings)
        .producerSettings()
        .get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
  }
}
