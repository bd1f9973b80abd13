package org.pneumostream.settings;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A setting: its key, meaning, default and accepted values.
 *
 * @param key name in a properties file; in the environment {@code PNEUMOSTREAM_} and the name in
 *     capitals, with underscores
 * @param fallback text of the default value; empty for none
 * @param expected accepted values, for error messages and the list of settings
 * @param meaning what it does, one sentence
 * @param isSecret whether others on this machine must not see the value
 * @param parser converts text to a value; returns null for text that it does not accept
 */
public record Setting<T>(
    String key,
    String fallback,
    String expected,
    String meaning,
    boolean isSecret,
    Function<String, T> parser) {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(|B|KiB|MiB|GiB)");
  private static final Pattern TIME = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");

  /** A setting whose value is no secret. */
  public Setting(
      String key, String fallback, String expected, String meaning, Function<String, T> parser) {
    this(key, fallback, expected, meaning, false, parser);
  }

  /** Parses a text. */
  T parse(String text) {
    T value;
    try {
      value = parser.apply(text.strip());
    } catch (IllegalArgumentException | ArithmeticException e) {
      value = null;
    }
    if (value == null) {
      throw new SettingException(key, text, expected);
    }
    return value;
  }

  /** Name in the environment. */
  public String environmentName() {
    return Settings.ENVIRONMENT_PREFIX
        + key.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  public static Setting<String> text(String key, String fallback, String meaning) {
    return new Setting<>(key, fallback, "text", meaning, Function.identity());
  }

  /** A secret: it comes from the environment or a file, and no message shows it. */
  public static Setting<String> secret(String key, String meaning) {
    return new Setting<>(
        key,
        "",
        "a secret, in the environment or the settings file",
        meaning,
        true,
        Function.identity());
  }

  /** An HTTP address; empty by default. */
  public static Setting<URI> url(String key, String meaning) {
    return new Setting<>(
        key,
        "",
        "an address such as http://127.0.0.1:4318",
        meaning,
        text -> {
          URI url = URI.create(text);
          return text.isEmpty() || isBase(url) ? url : null;
        });
  }

  /** Whether this is an HTTP address without a login or a query. */
  public static boolean isBase(URI url) {
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    boolean isPlain = url.getHost() != null && url.getUserInfo() == null;
    return isHttp && isPlain && url.getQuery() == null && url.getFragment() == null;
  }

  public static Setting<Path> path(String key, String fallback, String meaning) {
    return new Setting<>(key, fallback, "a path", meaning, Path::of);
  }

  public static Setting<Integer> integer(
      String key, int fallback, int min, int max, String meaning) {
    return new Setting<>(
        key,
        Integer.toString(fallback),
        "a whole number from " + min + " to " + max,
        meaning,
        text -> within(Integer.valueOf(text), min, max));
  }

  public static Setting<Long> number(String key, long fallback, String meaning) {
    return new Setting<>(key, Long.toString(fallback), "a whole number", meaning, Long::valueOf);
  }

  public static Setting<Double> decimal(
      String key, double fallback, double min, double max, String meaning) {
    return new Setting<>(
        key,
        Double.toString(fallback),
        "a number from " + min + " to " + max,
        meaning,
        text -> within(Double.valueOf(text), min, max));
  }

  public static Setting<Boolean> flag(String key, boolean fallback, String meaning) {
    return new Setting<>(
        key,
        Boolean.toString(fallback),
        "true or false",
        meaning,
        text -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null);
  }

  /** A number of bytes: {@code 4194304} or {@code 4 MiB}. */
  public static Setting<Long> size(
      String key, String fallback, long min, long max, String meaning) {
    return new Setting<>(
        key,
        fallback,
        "a size such as '4 MiB', from " + min + " to " + max + " bytes",
        meaning,
        text -> {
          Matcher parts = SIZE.matcher(text);
          return parts.matches() ? within(bytes(parts), min, max) : null;
        });
  }

  /** A time: {@code 50 ms}, {@code 5s}, {@code 12 h}. */
  public static Setting<Duration> duration(
      String key, String fallback, Duration min, Duration max, String meaning) {
    return new Setting<>(
        key,
        fallback,
        "a time such as '50 ms' or '12 h', from " + text(min) + " to " + text(max),
        meaning,
        text -> {
          Matcher parts = TIME.matcher(text);
          return parts.matches() ? within(time(parts), min, max) : null;
        });
  }

  /** One of an enum's constants, in lower case and with hyphens. */
  public static <E extends Enum<E>> Setting<E> choice(
      String key, E fallback, Class<E> type, String meaning) {
    return new Setting<>(
        key,
        name(fallback),
        "one of " + Arrays.stream(type.getEnumConstants()).map(Setting::name).toList(),
        meaning,
        text ->
            Arrays.stream(type.getEnumConstants())
                .filter(constant -> name(constant).equals(text))
                .findFirst()
                .orElse(null));
  }

  /** One of a few words, the first by default. */
  public static Setting<String> oneOf(String key, List<String> words, String meaning) {
    return new Setting<>(
        key, words.get(0), "one of " + words, meaning, text -> words.contains(text) ? text : null);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <C extends Comparable<C>> @Nullable C within(C value, C min, C max) {
    return value.compareTo(min) < 0 || value.compareTo(max) > 0 ? null : value;
  }

  private static long bytes(Matcher parts) {
    int shift =
        switch (parts.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    return Math.multiplyExact(Long.parseLong(parts.group(1)), 1L << shift);
  }

  /** Writes a time as in settings, in the largest unit that gives a whole number. */
  private static String text(Duration time) {
    long millis = time.toMillis();
    if (millis == 0 || millis % 1000 != 0) {
      return millis + " ms";
    }
    long seconds = time.toSeconds();
    if (seconds % 60 != 0) {
      return seconds + " s";
    }
    if (seconds % 3600 != 0) {
      return seconds / 60 + " m";
    }
    return seconds % 86_400 != 0 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }

  private static Duration time(Matcher parts) {
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /**
   * The settings that classes declare as public constants. A new constant is included
   * automatically.
   */
  public static List<Setting<?>> declaredIn(Class<?>... classes) {
    List<Setting<?>> settings = new ArrayList<>();
    for (Class<?> each : classes) {
      for (Field field : each.getDeclaredFields()) {
        if (field.getType() == Setting.class && Modifier.isPublic(field.getModifiers())) {
          try {
            settings.add((Setting<?>) field.get(null));
          } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
          }
        }
      }
    }
    return List.copyOf(settings);
  }
}
