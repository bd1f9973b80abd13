package org.pneumostream.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.RegistryAwayException;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.Topics;
import org.pneumostream.support.InMemoryKafka;
import org.pneumostream.support.SampleRecords;
import org.slf4j.LoggerFactory;

class ModelCatalogueTest {
  private static final Duration WAIT = Duration.ofMillis(1);

  private final Topic<ModelVersion> topic = InMemoryKafka.topics("").models();
  private final TopicPartition partition = new TopicPartition(topic.name(), 0);
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final List<ConsumerRecord<String, byte[]>> log = new ArrayList<>();
  private ModelCatalogue catalogue;

  @BeforeEach
  void open() {
    consumer.updateBeginningOffsets(Map.of(partition, 0L));
    consumer.updateEndOffsets(Map.of(partition, 0L));
    catalogue = new ModelCatalogue(topic, "pneumonia", consumer);
  }

  @AfterEach
  void closesItsConsumer() {
    catalogue.close();
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void isEmptyWhileNothingWasPublished() {
    catalogue.refresh();

    assertThat(catalogue.champion()).isEmpty();
    assertThat(catalogue.versions()).isEmpty();
  }

  @Test
  void keepsVersionsInTheOrderOfTheirNumbersWithoutWeights() {
    publish("10");
    publish("9");
    publish("1");

    catalogue.refresh();

    assertThat(catalogue.versions())
        .containsExactly(withoutWeights("1"), withoutWeights("9"), withoutWeights("10"));
  }

  @Test
  void readsUpToTheEndHoweverManyPollsItTakes() {
    publish("1");
    consumer.schedulePollTask(() -> {});
    consumer.schedulePollTask(() -> publish("2"));
    consumer.updateEndOffsets(Map.of(partition, 2L));

    assertThat(catalogue.refresh().versions())
        .containsExactly(withoutWeights("1"), withoutWeights("2"));
  }

  @Test
  void usesTheLatestChampionUntilItIsWithdrawn() {
    crown("1");
    crown("2");
    catalogue.follow(WAIT);
    assertThat(catalogue.champion()).contains(withoutWeights("2"));

    append("pneumonia/champion", null);
    catalogue.follow(WAIT);
    assertThat(catalogue.champion()).isEmpty();
  }

  @Test
  void forgetsARemovedVersion() {
    publish("1");
    publish("2");
    append("pneumonia/1", null);

    assertThat(catalogue.refresh().versions()).containsExactly(withoutWeights("2"));
  }

  @Test
  void ignoresOtherModels() {
    append("tuberculosis/1", value("1"));
    append("pneumonia-lite/champion", value("1"));
    append("pneumonia", value("1"));
    append(null, value("1"));

    catalogue.refresh();

    assertThat(catalogue.versions()).isEmpty();
    assertThat(catalogue.champion()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "", "0", "-1", "+1", "01", "1.0", "1/2", "99999999999", "Champion"})
  void skipsARecordWhoseKeyIsNotAVersion(String version) {
    publish("1");
    append("pneumonia/" + version, value(version));
    append("pneumonia/" + version, null);
    append("pneumonia/" + version, new byte[] {1, 2, 3});
    publish("2");

    assertThat(catalogue.refresh().versions())
        .containsExactly(withoutWeights("1"), withoutWeights("2"));
  }

  @Test
  void skipsMalformedBytesAndKeepsTheChampion() {
    publish("1");
    crown("1");
    append("pneumonia/7", new byte[] {1, 2, 3});
    append("pneumonia/champion", new byte[] {1, 2, 3});
    publish("8");

    assertThat(catalogue.refresh().versions())
        .containsExactly(withoutWeights("1"), withoutWeights("8"));
    assertThat(catalogue.champion()).contains(withoutWeights("1"));
  }

  @Test
  void failsWhileTheRegistryIsUnavailable() {
    Registry away = Registry.at("http://127.0.0.1:1", Map.of());
    ModelCatalogue cut =
        new ModelCatalogue(
            new Topics(new TopicSettings("", 1, (short) 1, 16 << 20), away).models(),
            "pneumonia",
            consumer);
    publish("1");

    assertThatThrownBy(cut::refresh).isInstanceOf(RegistryAwayException.class);
  }

  @Test
  void warnsOncePerSkippedKey() {
    ListAppender<ILoggingEvent> warnings = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(ModelCatalogue.class);
    logger.addAppender(warnings);
    warnings.start();
    try {
      publish("1");
      append("pneumonia/x", value("x"));
      append("pneumonia/x", value("x"));
      append("pneumonia/2", value("3"));
      catalogue.refresh();
      append("pneumonia/x", null);
      catalogue.refresh();
    } finally {
      logger.detachAppender(warnings);
    }

    assertThat(warnings.list)
        .extracting(ILoggingEvent::toString)
        .containsExactly(
            "[WARN] skipped record 'pneumonia/x' of models-0 at offset 1:"
                + " version 'x', expected a number from 1",
            "[WARN] skipped record 'pneumonia/2' of models-0 at offset 3:"
                + " contains version '3', expected that of its key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1"})
  void skipsARecordOfAnotherVersionThanItsKey(String inside) {
    publish("1");
    ModelVersion other = ModelVersion.newBuilder(version(inside)).setSha256("f".repeat(64)).build();
    append("pneumonia/2", bytes(other));

    assertThat(catalogue.refresh().versions()).containsExactly(withoutWeights("1"));
  }

  @Test
  void readsWeightsAgainAndKeepsItsPosition() {
    publish("1");
    publish("2");
    catalogue.refresh();
    replay(0, 1);

    assertThat(catalogue.withWeights("1")).isEqualTo(version("1"));
    assertThat(consumer.position(partition)).isEqualTo(2);
  }

  @Test
  void readsTheLatestRecordOfAVersionPublishedAgain() {
    publish("1");
    ModelVersion again =
        ModelVersion.newBuilder(version("1")).setWeights(ByteBuffer.wrap(new byte[] {7})).build();
    append("pneumonia/1", bytes(again));
    catalogue.refresh();
    replay(0, 1);

    assertThat(catalogue.withWeights("1")).isEqualTo(again);
  }

  @Test
  void reportsAnUnknownVersion() {
    assertThatThrownBy(() -> catalogue.withWeights("3"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("model pneumonia has no version 3");
  }

  @Test
  void reportsARemovedVersionIfLaterRecordsFollow() {
    publish("1");
    publish("2");
    catalogue.refresh();
    replay(1);

    assertThatThrownBy(() -> catalogue.withWeights("1"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("model pneumonia: version 1 was removed");
    assertThat(consumer.position(partition)).isEqualTo(2);
  }

  @Test
  void reportsARemovedVersionIfNothingFollows() {
    publish("1");
    catalogue.refresh();
    // Like a broker with a batch that compaction has emptied: no records, but a later position.
    consumer.schedulePollTask(() -> consumer.seek(partition, 1));
    consumer.schedulePollTask(
        () -> {
          throw new AssertionError("polled although the position has passed the record");
        });

    assertThatThrownBy(() -> catalogue.withWeights("1"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("model pneumonia: version 1 was removed");
    assertThat(consumer.position(partition)).isEqualTo(1);
  }

  @Test
  void endsAWaitWhenWokenUp() {
    catalogue.wakeUp();

    assertThatThrownBy(() -> catalogue.follow(WAIT)).isInstanceOf(WakeupException.class);
  }

  private void publish(String version) {
    append("pneumonia/" + version, value(version));
  }

  private void crown(String version) {
    append("pneumonia/champion", bytes(withoutWeights(version)));
  }

  private void append(String key, byte[] value) {
    log.add(new ConsumerRecord<>(topic.name(), 0, log.size(), key, value));
    consumer.addRecord(log.get(log.size() - 1));
    consumer.updateEndOffsets(Map.of(partition, (long) log.size()));
  }

  /** The mock forgets returned records, so this adds them again. */
  private void replay(int... offsets) {
    for (int offset : offsets) {
      consumer.addRecord(log.get(offset));
    }
  }

  private byte[] value(String version) {
    return bytes(version(version));
  }

  private byte[] bytes(ModelVersion version) {
    return topic.record("", version).value();
  }

  private static ModelVersion withoutWeights(String version) {
    return ModelVersion.newBuilder(version(version)).setWeights(null).build();
  }

  private static ModelVersion version(String version) {
    return SampleRecords.modelVersion(version)
        .setWeights(ByteBuffer.wrap(new byte[] {1, 2, 3}))
        .build();
  }
}
