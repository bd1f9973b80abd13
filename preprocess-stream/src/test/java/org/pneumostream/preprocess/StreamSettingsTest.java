package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.LetterRoom;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.scanstore.ScanStoreConfig;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

/** Settings of Kafka Streams' clients, ours and the user's. */
class StreamSettingsTest {
  /** Required for exactly-once processing; Kafka Streams says so. */
  private static final Set<String> FIXED = Set.of(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG);

  /** Another value that the setting's type accepts. */
  private static String other(Object ours) {
    if (ours instanceof Number number) {
      return Long.toString(number.longValue() + 1);
    }
    return ours.equals("zstd") ? "lz4" : "1";
  }

  private static Stream<String> keysSet(String prefix) {
    return new TreeMap<>(properties(Map.of()))
        .keySet().stream()
            .map(Object::toString)
            .filter(key -> key.startsWith(prefix))
            .map(key -> key.substring(prefix.length()))
            .filter(key -> !FIXED.contains(key));
  }

  static Stream<String> producerKeys() {
    return keysSet("producer.");
  }

  static Stream<String> consumerKeys() {
    return keysSet("consumer.");
  }

  @ParameterizedTest
  @MethodSource("producerKeys")
  void theUsersSettingReachesTheProducers(String key) {
    String theirs = other(properties(Map.of()).get("producer." + key));

    assertThat(producer(Map.of(key, theirs))).containsEntry(key, theirs);
    assertThat(producer(Map.of("producer." + key, theirs))).containsEntry(key, theirs);
  }

  @ParameterizedTest
  @MethodSource("consumerKeys")
  void theUsersSettingReachesTheConsumers(String key) {
    String theirs = other(properties(Map.of()).get("consumer." + key));

    assertThat(consumer(Map.of(key, theirs))).containsEntry(key, theirs);
    assertThat(consumer(Map.of("consumer." + key, theirs))).containsEntry(key, theirs);
  }

  @Test
  void ourDefaultsReachTheClients() {
    assertThat(producerKeys()).hasSizeGreaterThan(5);
    assertThat(consumerKeys()).hasSizeGreaterThan(2);
    producerKeys()
        .forEach(
            key ->
                assertThat(producer(Map.of()))
                    .containsEntry(key, properties(Map.of()).get("producer." + key)));
  }

  /** Readers of volumes wait this long for the transaction of a lost host. */
  @Test
  void transactionTimeoutIsAtMostThatOfKafkaStreams() {
    assertThat((Integer) producer(Map.of()).get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG))
        .isLessThanOrEqualTo(10_000);
  }

  private static Map<String, Object> producer(Map<String, String> theirs) {
    return new StreamsConfig(properties(theirs)).getProducerConfigs("test");
  }

  private static Map<String, Object> consumer(Map<String, String> theirs) {
    return new StreamsConfig(properties(theirs)).getMainConsumerConfigs("test", "test", 0);
  }

  private static Properties properties(Map<String, String> theirs) {
    KafkaConnection kafka =
        new KafkaConnection(
            "unused:1", Registry.inMemory(), new TopicSettings("", 2, (short) 1, 16 << 20), theirs);
    PreprocessConfig config =
        new PreprocessConfig(
            new Preprocessing(new InputShape(8, 8, 4), OrientationPolicy.CANONICAL),
            1,
            Path.of("state"),
            new ScanStoreConfig(Path.of("unused"), Optional.empty(), Optional.empty(), true, 0),
            ReadLimits.DEFAULT,
            0);
    return PreprocessService.properties(kafka, config, new LetterRoom(1 << 20), Tracing.off());
  }
}
