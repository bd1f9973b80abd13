package org.pneumostream.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The effective settings. Precedence: command line, environment, properties file, defaults. An
 * unknown key stops the start. So does a value out of range, even if the service that runs does not
 * need it.
 */
public final class Settings {
  static final String ENVIRONMENT_PREFIX = "PNEUMOSTREAM_";

  /** Keys with these prefixes go to a client library, without the prefix. */
  private static final List<String> PASSED_ON = List.of("kafka.", "schema-registry.");

  /** Secret keys among them: those that the libraries call passwords, and similar ones. */
  private static final Pattern SECRET =
      Pattern.compile(
          ".*(password|passphrase|secret|token|jaas\\.config|user\\.info|keystore\\.key)");

  /** Starts a value that one of Kafka's {@code config.provider}s reads elsewhere. */
  private static final String REFERENCE = "${";

  private final Map<String, String> values;

  private Settings(Map<String, String> values) {
    this.values = values;
  }

  /** Settings from one map, for tests and for code that configures other parts. */
  public static Settings of(Collection<? extends Setting<?>> known, Map<String, String> values) {
    Map<String, Setting<?>> byKey =
        known.stream().collect(Collectors.toMap(Setting::key, Function.identity(), (a, b) -> a));
    for (Map.Entry<String, String> entry : values.entrySet()) {
      Setting<?> setting = byKey.get(entry.getKey());
      if (setting != null) {
        setting.parse(entry.getValue());
      } else if (PASSED_ON.stream().noneMatch(entry.getKey()::startsWith)) {
        throw new SettingException("unknown setting '" + entry.getKey() + "'");
      }
    }
    return new Settings(Map.copyOf(values));
  }

  /**
   * Reads settings from all their sources.
   *
   * @param file a properties file, or null
   * @throws SettingException if a key is unknown, out of range, set twice in the environment or a
   *     secret on the command line, or if the file cannot be read
   */
  public static Settings load(
      Collection<? extends Setting<?>> known,
      @Nullable Path file,
      Map<String, String> environment,
      Map<String, String> commandLine) {
    Map<String, String> values = new TreeMap<>();
    if (file != null) {
      values.putAll(read(file));
    }
    values.putAll(fromEnvironment(known, environment));
    refuseSecrets(known, commandLine);
    values.putAll(commandLine);
    return of(known, values);
  }

  /**
   * The effective value.
   *
   * @throws SettingException if there is neither a value nor a default
   */
  public <T> T get(Setting<T> setting) {
    String text = values.getOrDefault(setting.key(), setting.fallback());
    if (text.isEmpty()) {
      throw new SettingException(setting.key() + ": not set, expected " + setting.expected());
    }
    return setting.parse(text);
  }

  /** The effective value, if there is one. */
  public <T> Optional<T> find(Setting<T> setting) {
    return has(setting) ? Optional.of(get(setting)) : Optional.empty();
  }

  /** Whether there is a value or a default. */
  public boolean has(Setting<?> setting) {
    return !values.getOrDefault(setting.key(), setting.fallback()).isEmpty();
  }

  /** The keys under a prefix such as {@code kafka.}, without it. */
  public Map<String, String> under(String prefix) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .collect(
            Collectors.toUnmodifiableMap(
                entry -> entry.getKey().substring(prefix.length()), Map.Entry::getValue));
  }

  /** A copy with some values replaced. */
  public Settings with(Map<String, String> others) {
    Map<String, String> all = new HashMap<>(values);
    all.putAll(others);
    return new Settings(Map.copyOf(all));
  }

  /** Other users of a machine can see its processes' arguments. */
  private static void refuseSecrets(
      Collection<? extends Setting<?>> known, Map<String, String> commandLine) {
    for (Setting<?> setting : known) {
      if (setting.isSecret() && !commandLine.getOrDefault(setting.key(), "").isEmpty()) {
        throw new SettingException(
            setting.key()
                + ": secrets are not accepted on the command line; set it in the environment as "
                + setting.environmentName());
      }
    }
    commandLine.forEach(
        (key, value) -> {
          if (isSecret(key) && !value.contains(REFERENCE)) {
            throw new SettingException(
                key
                    + ": secrets are not accepted on the command line; set it in the"
                    + " settings file");
          }
        });
  }

  /** Whether the value of a passed-on key is a secret. */
  public static boolean isSecret(String key) {
    return PASSED_ON.stream().anyMatch(key::startsWith) && SECRET.matcher(key).matches();
  }

  private static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (NoSuchFileException e) {
      throw new SettingException("settings file " + file + ": no such file");
    } catch (FileSystemException e) {
      throw new SettingException("settings file " + FileProblem.of(e));
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingException("settings file " + file + ": " + e.getMessage());
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(Function.identity(), properties::getProperty));
  }

  private static Map<String, String> fromEnvironment(
      Collection<? extends Setting<?>> known, Map<String, String> environment) {
    Map<String, String> keys =
        known.stream()
            .collect(Collectors.toMap(Setting::environmentName, Setting::key, (a, b) -> a));
    Map<String, String> values = new HashMap<>();
    Map<String, String> setBy = new HashMap<>();
    KubernetesVariables kubernetes = KubernetesVariables.in(environment);
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith(ENVIRONMENT_PREFIX) || kubernetes.contains(name, variable.getValue())) {
        continue;
      }
      String key = keys.getOrDefault(name, passedOn(name));
      String other = setBy.put(key, name);
      if (other != null) {
        throw new SettingException(
            key + ": set twice in the environment, as " + other + " and " + name);
      }
      values.put(key, variable.getValue());
    }
    return values;
  }

  /** {@code PNEUMOSTREAM_KAFKA_SECURITY_PROTOCOL} is {@code kafka.security.protocol}. */
  private static String passedOn(String name) {
    String rest = name.substring(ENVIRONMENT_PREFIX.length()).toLowerCase(Locale.ROOT);
    for (String prefix : PASSED_ON) {
      String start = prefix.replace('-', '_').replace('.', '_');
      if (rest.startsWith(start)) {
        return prefix + rest.substring(start.length()).replace('_', '.');
      }
    }
    return name;
  }
}
