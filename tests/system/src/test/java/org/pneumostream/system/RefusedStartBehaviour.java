package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pneumostream.cli.Execution;

/** Refused starts and their messages: see {@link SecuredSystemIT}. */
interface RefusedStartBehaviour {
  String CANARY = "canary-that-sings";
  String LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule required ";

  SecuredCluster cluster();

  /** Changes to a scorer's settings, empty for removed, and its message. */
  static Stream<Arguments> refusals() {
    Map<String, String> noLogin =
        Map.of(
            "kafka.sasl.jaas.config", "",
            "kafka.sasl.mechanism", "",
            "kafka.default.api.timeout.ms", "1000",
            "kafka.request.timeout.ms", "800");
    return Stream.of(
        Arguments.of(
            Map.of(
                "kafka.sasl.jaas.config",
                LOGIN + "username=\"scorer\" password=\"" + CANARY + "\";"),
            "Kafka at BROKERS: Authentication failed during authentication due to invalid"
                + " credentials with SASL mechanism SCRAM-SHA-512"),
        Arguments.of(
            with(noLogin, "kafka.security.protocol", ""),
            "no Kafka broker answers at BROKERS over PLAINTEXT; is the system running?"),
        Arguments.of(
            with(noLogin, "kafka.security.protocol", "SSL"),
            "no Kafka broker answers at BROKERS over SSL; is the system running?"),
        Arguments.of(
            Map.of("kafka.sasl.jaas.config", ""),
            "Kafka client: Could not find a 'KafkaClient' entry in the JAAS configuration. System"
                + " property 'java.security.auth.login.config' is not set"),
        // The password is not quoted and contains a blank.
        Arguments.of(
            Map.of(
                "kafka.sasl.jaas.config", LOGIN + "username=\"scorer\" password=a " + CANARY + ";"),
            "sasl.jaas.config: malformed, expected CLASS required username=\"...\""
                + " password=\"...\";"),
        Arguments.of(
            Map.of("kafka.ssl.truststore.location", "", "kafka.ssl.truststore.type", ""),
            "Kafka at BROKERS: SSL handshake failed: unable to find valid certification path to"
                + " requested target"),
        Arguments.of(
            Map.of(
                "schema-registry.config.providers",
                "",
                "schema-registry.basic.auth.user.info",
                "pneumostream:" + CANARY),
            "registry: cannot register secured.scans-value: login refused (HTTP status 401)"),
        Arguments.of(
            Map.of("schema-registry.basic.auth.credentials.source", ""),
            "registry: cannot register secured.scans-value: login refused (HTTP status 401)"),
        Arguments.of(
            Map.of("schema-registry-url", "https://pneumostream:" + CANARY + "@127.0.0.1"),
            "schema-registry-url: must not contain a login;"
                + " set schema-registry.basic.auth.user.info instead"),
        Arguments.of(
            Map.of("otlp-endpoint", "http://pneumostream:" + CANARY + "@127.0.0.1"),
            "otlp-endpoint: a value with '@' or '?' in it, not shown, expected an address such as"
                + " http://127.0.0.1:4318"),
        Arguments.of(
            Map.of("scan-store-s3-endpoint", "http://127.0.0.1?token=" + CANARY),
            "scan-store-s3-endpoint: a value with '@' or '?' in it, not shown, expected an http or"
                + " https URL"),
        Arguments.of(
            Map.of(
                "kafka.ssl.keystore.location", "kafka.p12",
                "kafka.ssl.keystore.type", "PKCS12",
                "kafka.ssl.keystore.password", CANARY),
            "Kafka client: Failed to load SSL keystore FOLDER/kafka.p12 of type PKCS12:"
                + " java.io.IOException: keystore password was incorrect"),
        Arguments.of(
            Map.of(
                "schema-registry.schema.registry.ssl.truststore.location", "kafka.p12",
                "schema-registry.schema.registry.ssl.truststore.type", "PKCS12",
                "schema-registry.schema.registry.ssl.truststore.password", CANARY),
            "registry client: Failed to load SSL keystore FOLDER/kafka.p12 of type PKCS12:"
                + " java.io.IOException: keystore password was incorrect"),
        Arguments.of(
            Map.of("http-tokens", "push " + CANARY),
            "http-tokens, line 1: missing '=', expected 'role[,role...] = token'"),
        Arguments.of(
            Map.of("http-keystore", "kafka.p12", "http-keystore-password", CANARY),
            "http-keystore-password: does not open the key store FOLDER/kafka.p12"));
  }

  private static Map<String, String> with(Map<String, String> map, String key, String value) {
    Map<String, String> all = new HashMap<>(map);
    all.put(key, value);
    return all;
  }

  @ParameterizedTest
  @MethodSource("refusals")
  default void aScorerDeniedAccessEndsWithOneLine(Map<String, String> changes, String message)
      throws Exception {
    Properties properties = new Properties();
    properties.putAll(cluster().settings("scorer"));
    changes.forEach(
        (key, value) -> {
          if (value.isEmpty()) {
            properties.remove(key);
          } else {
            properties.setProperty(key, value.replace("kafka.p12", path("kafka.p12")));
          }
        });
    Path file = Files.createTempFile("scorer", ".properties");
    try (Leaks leaks = new Leaks(Map.of("canary", CANARY))) {
      try (Writer writer = Files.newBufferedWriter(file)) {
        properties.store(writer, null);
      }

      Execution execution = Execution.of("scorer", "--config", file, "--verbose");

      assertThat(execution.status()).isNotZero();
      assertThat(execution.errLines())
          .first()
          .isEqualTo(
              "scorer: "
                  + message
                      .replace("BROKERS", properties.getProperty("bootstrap-servers"))
                      .replace("FOLDER/kafka.p12", path("kafka.p12")));
      assertThat(Execution.of("scorer", "--config", file).errLines()).hasSize(1);
      leaks.assertNoneIn("standard error", execution.err());
      leaks.assertNoneIn("standard output", execution.out());
      leaks.assertNoneInLog();
    } finally {
      Files.delete(file);
    }
  }

  private String path(String name) {
    return cluster().guide().file(name).toString();
  }
}
