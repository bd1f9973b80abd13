package org.pneumostream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingTest {
  private static final Setting<String> TEXT = Setting.text("a-text", "", "A text.");
  private static final Setting<Path> PATH = Setting.path("a-path", "data", "A path.");
  private static final Setting<Integer> INTEGER =
      Setting.integer("an-integer", 4, -1, 1000, "An integer.");
  private static final Setting<Long> NUMBER = Setting.number("a-number", 42, "A number.");
  private static final Setting<Double> DECIMAL =
      Setting.decimal("a-decimal", 0.5, 0, 1, "A decimal.");
  private static final Setting<Boolean> FLAG = Setting.flag("a-flag", true, "A flag.");
  private static final Setting<Long> SIZE =
      Setting.size("a-size", "4 MiB", 1, 64L << 30, "A size.");
  private static final Setting<Duration> TIME =
      Setting.duration("a-time", "5s", Duration.ofMillis(50), Duration.ofDays(2), "A time.");
  private static final Setting<TimeUnit> CHOICE =
      Setting.choice("a-choice", TimeUnit.DAYS, TimeUnit.class, "A choice.");
  private static final Setting<Policy> POLICY =
      Setting.choice("a-policy", Policy.AS_STORED, Policy.class, "A policy.");

  private enum Policy {
    CANONICAL,
    AS_STORED
  }

  static final List<Arguments> GOOD =
      List.of(
          arguments(TEXT, "any text = at all", "any text = at all"),
          arguments(TEXT, " spaces around go ", "spaces around go"),
          arguments(PATH, "a/b", Path.of("a", "b")),
          arguments(INTEGER, "-1", -1),
          arguments(INTEGER, "1000", 1000),
          arguments(INTEGER, " 7\t", 7),
          arguments(NUMBER, "-9223372036854775808", Long.MIN_VALUE),
          arguments(DECIMAL, "0", 0.0),
          arguments(DECIMAL, "1", 1.0),
          arguments(DECIMAL, "2.5e-1", 0.25),
          arguments(FLAG, "true", true),
          arguments(FLAG, "false", false),
          arguments(SIZE, "1", 1L),
          arguments(SIZE, "512B", 512L),
          arguments(SIZE, "3 KiB", 3072L),
          arguments(SIZE, "4 MiB", 4_194_304L),
          arguments(SIZE, "64GiB", 68_719_476_736L),
          arguments(TIME, "50 ms", Duration.ofMillis(50)),
          arguments(TIME, "5s", Duration.ofSeconds(5)),
          arguments(TIME, "3 m", Duration.ofMinutes(3)),
          arguments(TIME, "12 h", Duration.ofHours(12)),
          arguments(TIME, "2d", Duration.ofDays(2)),
          arguments(CHOICE, "hours", TimeUnit.HOURS),
          arguments(POLICY, "as-stored", Policy.AS_STORED));

  static final List<Arguments> BAD =
      List.of(
          arguments(PATH, "a\0b"),
          arguments(INTEGER, "-2"),
          arguments(INTEGER, "1001"),
          arguments(INTEGER, "4.0"),
          arguments(INTEGER, "99999999999"),
          arguments(INTEGER, "many"),
          arguments(INTEGER, ""),
          arguments(NUMBER, "9223372036854775808"),
          arguments(DECIMAL, "-0.01"),
          arguments(DECIMAL, "1.01"),
          arguments(DECIMAL, "NaN"),
          arguments(DECIMAL, "0,5"),
          arguments(FLAG, "TRUE"),
          arguments(FLAG, "yes"),
          arguments(SIZE, "0"),
          arguments(SIZE, "65 GiB"),
          arguments(SIZE, "-1"),
          arguments(SIZE, "4 MB"),
          arguments(SIZE, "4.5 MiB"),
          // 2^33 GiB are 2^63 bytes, one more than a long holds.
          arguments(SIZE, "8589934592 GiB"),
          arguments(SIZE, "999999999999999 GiB"),
          arguments(TIME, "49 ms"),
          arguments(TIME, "3 d"),
          arguments(TIME, "999999999999 d"),
          arguments(TIME, "5"),
          arguments(TIME, "5 min"),
          arguments(CHOICE, "Hours"),
          arguments(POLICY, "as_stored"));

  @ParameterizedTest(name = "{1}")
  @FieldSource("GOOD")
  void acceptsValidValues(Setting<?> setting, String text, Object value) {
    assertThat((Object) setting.parse(text)).isEqualTo(value);
  }

  @ParameterizedTest
  @FieldSource("BAD")
  void refusesInvalidValuesWithKeyValueAndExpectation(Setting<?> setting, String text) {
    assertThatThrownBy(() -> setting.parse(text))
        .isInstanceOf(SettingException.class)
        .hasMessage(setting.key() + ": '" + text + "', expected " + setting.expected());
  }

  static Stream<Arguments> expectations() {
    return Stream.of(
        arguments(PATH, "a path"),
        arguments(INTEGER, "a whole number from -1 to 1000"),
        arguments(NUMBER, "a whole number"),
        arguments(DECIMAL, "a number from 0.0 to 1.0"),
        arguments(FLAG, "true or false"),
        arguments(SIZE, "a size such as '4 MiB', from 1 to 68719476736 bytes"),
        arguments(TIME, "a time such as '50 ms' or '12 h', from 50 ms to 2 d"),
        arguments(time(Duration.ZERO, Duration.ofMinutes(1)), timeBetween("0 ms", "1 m")),
        arguments(time(Duration.ofSeconds(1), Duration.ofHours(1)), timeBetween("1 s", "1 h")),
        arguments(
            time(Duration.ofMillis(1500), Duration.ofSeconds(90)), timeBetween("1500 ms", "90 s")),
        arguments(POLICY, "one of [canonical, as-stored]"));
  }

  @ParameterizedTest
  @MethodSource("expectations")
  void expectationNamesTheBounds(Setting<?> setting, String expected) {
    assertThat(setting.expected()).isEqualTo(expected);
  }

  @Test
  void acceptsTheBoundsOfATimeAsPrinted() {
    Setting<Duration> minute = time(Duration.ofMillis(1500), Duration.ofMinutes(1));

    assertThat(minute.parse("1500 ms")).isEqualTo(Duration.ofMillis(1500));
    assertThat(minute.parse("1 m")).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void environmentNameHasCapitalsAndUnderscores() {
    assertThat(Setting.text("model.file-name", "", "A name.").environmentName())
        .isEqualTo("PNEUMOSTREAM_MODEL_FILE_NAME");
  }

  @Test
  void printedDefaultIsAValidValue() {
    for (Setting<?> setting : List.of(PATH, INTEGER, NUMBER, DECIMAL, FLAG, SIZE, TIME, CHOICE)) {
      assertThat((Object) setting.parse(setting.fallback())).as(setting.key()).isNotNull();
    }
    assertThat(POLICY.fallback()).isEqualTo("as-stored");
  }

  private static Setting<Duration> time(Duration min, Duration max) {
    return Setting.duration("a-time", "1500 ms", min, max, "A time.");
  }

  private static String timeBetween(String min, String max) {
    return "a time such as '50 ms' or '12 h', from " + min + " to " + max;
  }
}
