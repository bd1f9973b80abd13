package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

class SettingsTest {
  private static final Setting<Integer> COUNT =
      Setting.integer("batch-count", 4, 1, 100, "A count.");
  private static final Setting<String> WATCH = Setting.text("watch", "", "A folder.");
  private static final List<Setting<?>> KNOWN = List.of(COUNT, WATCH);
  private static final Map<String, String> NONE = Map.of();

  @TempDir Path temp;

  static Stream<Arguments> sources() {
    Map<String, String> environment = Map.of("PNEUMOSTREAM_BATCH_COUNT", "20");
    Map<String, String> commandLine = Map.of("batch-count", "30");
    return Stream.of(
        arguments("", NONE, NONE, 4),
        arguments("batch-count=10", NONE, NONE, 10),
        arguments("batch-count=10", environment, NONE, 20),
        arguments("batch-count=10", environment, commandLine, 30),
        arguments("batch-count=10", NONE, commandLine, 30),
        arguments("", environment, NONE, 20),
        arguments("", environment, commandLine, 30));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void precedenceIsCommandLineEnvironmentFileDefault(
      String file, Map<String, String> environment, Map<String, String> commandLine, int expected)
      throws Exception {
    assertThat(Settings.load(KNOWN, file(file), environment, commandLine).get(COUNT))
        .isEqualTo(expected);
  }

  @Test
  void needsNoFile() {
    assertThat(Settings.load(KNOWN, null, NONE, NONE).get(COUNT)).isEqualTo(4);
  }

  @Test
  void mergesKeysOfAllSources() throws Exception {
    Settings settings =
        Settings.load(KNOWN, file("watch=in"), Map.of("PNEUMOSTREAM_BATCH_COUNT", "2"), NONE);

    assertThat(settings.get(WATCH)).isEqualTo("in");
    assertThat(settings.get(COUNT)).isEqualTo(2);
  }

  @Test
  void refusesAnUnknownKeyOfTheFileByName() throws Exception {
    Path file = file("batch-cuont=10");

    assertThatThrownBy(() -> Settings.load(KNOWN, file, NONE, NONE))
        .isInstanceOf(SettingException.class)
        .hasMessage("unknown setting 'batch-cuont'");
  }

  @Test
  void refusesAnUnknownKeyOfTheEnvironmentByItsNameThere() {
    assertThatThrownBy(
            () -> Settings.load(KNOWN, null, Map.of("PNEUMOSTREAM_BATCH_CUONT", "1"), NONE))
        .isInstanceOf(SettingException.class)
        .hasMessage("unknown setting 'PNEUMOSTREAM_BATCH_CUONT'");
  }

  @Test
  void refusesAnUnknownKeyOfTheCommandLineByName() {
    assertThatThrownBy(() -> Settings.load(KNOWN, null, NONE, Map.of("batch-cuont", "1")))
        .isInstanceOf(SettingException.class)
        .hasMessage("unknown setting 'batch-cuont'");
  }

  @Test
  void leavesTheRestOfTheEnvironmentAlone() {
    assertThat(
            Settings.load(KNOWN, null, Map.of("PATH", "/bin", "BATCH_COUNT", "9"), NONE).get(COUNT))
        .isEqualTo(4);
  }

  @Test
  void refusesAValueOutOfRangeEvenIfNobodyAsksForIt() {
    assertThatThrownBy(() -> Settings.load(KNOWN, null, NONE, Map.of("batch-count", "101")))
        .isInstanceOf(SettingException.class)
        .hasMessage("batch-count: '101', expected a whole number from 1 to 100");
  }

  @Test
  void passesClientKeysOfTheFileOnUnchanged() throws Exception {
    Settings settings =
        Settings.load(
            KNOWN,
            file(
                """
                kafka.security.protocol=SASL_SSL
                kafka.sasl.jaas.config=a.b.Login required username="u" password="p=1";
                schema-registry.basic.auth.user.info=user:secret
                """),
            NONE,
            NONE);

    assertThat(settings.under("kafka."))
        .isEqualTo(
            Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.jaas.config",
                "a.b.Login required username=\"u\" password=\"p=1\";"));
    assertThat(settings.under("schema-registry."))
        .isEqualTo(Map.of("basic.auth.user.info", "user:secret"));
  }

  @Test
  void passesClientKeysOfTheEnvironmentOnWithDots() {
    Settings settings =
        Settings.load(
            KNOWN,
            null,
            Map.of(
                "PNEUMOSTREAM_KAFKA_SECURITY_PROTOCOL", "SSL",
                "PNEUMOSTREAM_SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO", "user:Secret"),
            NONE);

    assertThat(settings.under("kafka.")).isEqualTo(Map.of("security.protocol", "SSL"));
    assertThat(settings.under("schema-registry."))
        .isEqualTo(Map.of("basic.auth.user.info", "user:Secret"));
  }

  @Test
  void aKnownKeyWithAClientPrefixIsNotPassedOn() {
    Settings settings =
        Settings.load(
            KafkaSettings.ALL,
            null,
            Map.of("PNEUMOSTREAM_SCHEMA_REGISTRY_URL", "http://registry:8081"),
            NONE);

    assertThat(settings.get(KafkaSettings.SCHEMA_REGISTRY_URL)).isEqualTo("http://registry:8081");
    assertThat(settings.under("schema-registry.")).isEmpty();
  }

  /** As the kubelet sets them for a Service named pneumostream-ingest with a port named http. */
  private static final Map<String, String> KUBERNETES =
      Map.of(
          "PNEUMOSTREAM_INGEST_SERVICE_HOST", "10.96.7.1",
          "PNEUMOSTREAM_INGEST_SERVICE_PORT", "8080",
          "PNEUMOSTREAM_INGEST_SERVICE_PORT_HTTP", "8080",
          "PNEUMOSTREAM_INGEST_PORT", "tcp://10.96.7.1:8080",
          "PNEUMOSTREAM_INGEST_PORT_8080_TCP", "tcp://10.96.7.1:8080",
          "PNEUMOSTREAM_INGEST_PORT_8080_TCP_PROTO", "tcp",
          "PNEUMOSTREAM_INGEST_PORT_8080_TCP_PORT", "8080",
          "PNEUMOSTREAM_INGEST_PORT_8080_TCP_ADDR", "10.96.7.1");

  private static final Setting<Integer> INGEST_PORT =
      Setting.integer("ingest-port", 8080, 0, 65535, "A port.");

  @Test
  void ignoresKubernetesVariablesOfAServiceWithOurPrefix() {
    Settings settings = Settings.load(List.of(COUNT, INGEST_PORT), null, KUBERNETES, NONE);

    assertThat(settings.get(INGEST_PORT)).isEqualTo(8080);
  }

  @Test
  void ignoresAServiceNamedLikeAClientPrefix() {
    Map<String, String> kafka = new HashMap<>();
    KUBERNETES.forEach((name, value) -> kafka.put(name.replace("INGEST", "KAFKA"), value));

    assertThat(Settings.load(KNOWN, null, kafka, NONE).under("kafka.")).isEmpty();
  }

  @Test
  void acceptsAPortSettingBesideAServiceWithOurPrefix() {
    Map<String, String> environment = new HashMap<>(KUBERNETES);
    environment.put("PNEUMOSTREAM_INGEST_PORT", "9000");

    assertThat(Settings.load(List.of(INGEST_PORT), null, environment, NONE).get(INGEST_PORT))
        .isEqualTo(9000);
  }

  @ParameterizedTest
  @CsvSource({
    "PNEUMOSTREAM_INGEST_SERVICE_NAME, ingest",
    "PNEUMOSTREAM_INGEST_PORT_8080_HTTP, tcp://10.96.7.1:8080",
    "PNEUMOSTREAM_INGEST_PORT_8080_TCP_HOST, 10.96.7.1",
    "PNEUMOSTREAM_INGETS_PORT, tcp://10.96.7.1:8080",
    "PNEUMOSTREAM_SCORER_SERVICE_PORT, 8080"
  })
  void refusesOtherVariablesThatLookLikeKubernetes(String name, String value) {
    Map<String, String> environment = new HashMap<>(KUBERNETES);
    environment.put(name, value);

    assertThatThrownBy(() -> Settings.load(List.of(INGEST_PORT), null, environment, NONE))
        .isInstanceOf(SettingException.class)
        .hasMessage("unknown setting '" + name + "'");
  }

  @Test
  void refusesTwoNamesInTheEnvironmentForOneKey() {
    assertThatThrownBy(
            () ->
                Settings.load(
                    KNOWN,
                    null,
                    Map.of("PNEUMOSTREAM_KAFKA_ACKS", "all", "PNEUMOSTREAM_kafka_acks", "1"),
                    NONE))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "kafka.acks: set twice in the environment,"
                + " as PNEUMOSTREAM_KAFKA_ACKS and PNEUMOSTREAM_kafka_acks");
  }

  @Test
  void namesAMissingFile() {
    Path missing = temp.resolve("missing.properties");

    assertThatThrownBy(() -> Settings.load(KNOWN, missing, NONE, NONE))
        .isInstanceOf(SettingException.class)
        .hasMessage("settings file " + missing + ": no such file");
  }

  @Test
  void namesAMalformedPropertiesFile() throws Exception {
    Path file = file("watch=\\u12");

    assertThatThrownBy(() -> Settings.load(KNOWN, file, NONE, NONE))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("settings file " + file + ": ");
  }

  @Test
  void namesASettingWithoutValueAndDefault() {
    Settings settings = Settings.of(KNOWN, NONE);

    assertThat(settings.has(WATCH)).isFalse();
    assertThat(settings.has(COUNT)).isTrue();
    assertThatThrownBy(() -> settings.get(WATCH))
        .isInstanceOf(SettingException.class)
        .hasMessage("watch: not set, expected text");
  }

  @Test
  void withReplacesValues() {
    Settings settings = Settings.of(KNOWN, Map.of("batch-count", "2", "watch", "in"));

    Settings changed = settings.with(Map.of("batch-count", "3"));

    assertThat(changed.get(COUNT)).isEqualTo(3);
    assertThat(changed.get(WATCH)).isEqualTo("in");
    assertThat(settings.get(COUNT)).isEqualTo(2);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(temp.resolve("pneumostream.properties"), text);
  }
}
