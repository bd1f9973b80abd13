package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

/** Secrets among the keys that go to a client library. */
class PassedOnSecretsTest {
  private static final Map<String, String> NONE = Map.of();

  /** Kafka hides these, too, but certificates are public. */
  private static final Set<String> PUBLIC =
      Set.of("ssl.keystore.certificate.chain", "ssl.truststore.certificates");

  @Test
  void areAllThatKafkaHides() {
    Set<String> hidden = new TreeSet<>();
    for (ConfigDef config :
        List.of(
            AdminClientConfig.configDef(),
            ConsumerConfig.configDef(),
            ProducerConfig.configDef())) {
      config.configKeys().values().stream()
          .filter(key -> key.type == ConfigDef.Type.PASSWORD)
          .forEach(key -> hidden.add(key.name));
    }

    assertThat(hidden).contains("sasl.jaas.config", "ssl.keystore.password");
    for (String key : hidden) {
      assertThat(Settings.isSecret("kafka." + key)).as(key).isEqualTo(!PUBLIC.contains(key));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kafka.sasl.jaas.config",
        "kafka.producer.sasl.jaas.config",
        "kafka.ssl.key.password",
        "schema-registry.basic.auth.user.info",
        "schema-registry.bearer.auth.token",
        "schema-registry.bearer.auth.client.secret",
        "schema-registry.schema.registry.ssl.truststore.password"
      })
  void areRefusedOnTheCommandLine(String key) {
    assertThatThrownBy(
            () -> Settings.load(KafkaSettings.ALL, null, NONE, Map.of(key, "canary-that-sings")))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            key + ": secrets are not accepted on the command line; set it in the settings file");
  }

  @Test
  void referencesAreAcceptedOnTheCommandLine() {
    Settings settings =
        Settings.load(
            KafkaSettings.ALL,
            null,
            NONE,
            Map.of("kafka.ssl.key.password", "${file:/run/secrets/kafka:key}"));

    assertThat(settings.under("kafka."))
        .isEqualTo(Map.of("ssl.key.password", "${file:/run/secrets/kafka:key}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"kafka.security.protocol", "kafka.sasl.mechanism", "kafka.ssl.keystore.location"})
  void harmlessKeysAreNotSecrets(String key) {
    assertThat(Settings.load(KafkaSettings.ALL, null, NONE, Map.of(key, "x")).under("kafka."))
        .hasSize(1);
  }
}
