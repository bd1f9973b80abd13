package org.pneumostream.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.RegistryAwayException;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.Topics;
import org.slf4j.LoggerFactory;

/** Which versions and which champion a catalogue reads. */
class ModelCatalogueTest extends ModelCatalogueFixture {
  private static final Duration WAIT = Duration.ofMillis(1);

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
  void endsAWaitWhenWokenUp() {
    catalogue.wakeUp();

    assertThatThrownBy(() -> catalogue.follow(WAIT)).isInstanceOf(WakeupException.class);
  }

  private void crown(String version) {
    append("pneumonia/champion", bytes(withoutWeights(version)));
  }

  private static ModelVersion withoutWeights(String version) {
    return ModelVersion.newBuilder(version(version)).setWeights(null).build();
  }
}
