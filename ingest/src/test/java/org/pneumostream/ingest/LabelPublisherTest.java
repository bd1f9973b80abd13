package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.support.InMemoryKafka;

class LabelPublisherTest {
  private static final String ID = "0123456789abcdef".repeat(4);
  private static final Instant NOW = Instant.parse("2026-11-23T09:30:00Z");

  private final InMemoryKafka kafka = new InMemoryKafka();
  private final LabelPublisher publisher =
      new LabelPublisher(
          kafka.topics.labels(),
          new RecordSender(kafka.producer, Tracing.off()),
          Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void writesAnnotatorFindingAndTime() throws Exception {
    Receipt receipt = publisher.publish(ID, Finding.NORMAL, "reader 7");

    assertThat(receipt).isEqualTo(new Receipt(ID, "test.labels", 0, 0));
    assertThat(kafka.producer.history().get(0).key()).isEqualTo(ID);
    assertThat(kafka.topics.labels().value(kafka.producer.history().get(0).value()))
        .isEqualTo(new Label(Finding.NORMAL, "reader 7", NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"})
  void refusesAMalformedScanId(String id) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> publisher.publish(id, Finding.NORMAL, "reader"))
        .withMessage("scanId: '" + id + "', expected 64 lowercase hex digits");
  }

  @ParameterizedTest
  @MethodSource
  void refusesAnInvalidAnnotator(String annotator) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> publisher.publish(ID, Finding.NORMAL, annotator))
        .withMessageStartingWith("annotator: '");
    assertThat(kafka.producer.history()).isEmpty();
  }

  static Stream<String> refusesAnInvalidAnnotator() {
    return Stream.of("", "  ", "a\nb", "a".repeat(129));
  }

  /** Characters are code points: one outside the basic plane counts once. */
  @Test
  void takesAnAnnotatorOf128Characters() throws Exception {
    String annotator = "\uD834\uDD1E".repeat(128);

    assertThat(publisher.publish(ID, Finding.NORMAL, annotator).scanId()).isEqualTo(ID);
  }

  @Test
  void reportsThatKafkaIsUnavailable() {
    kafka.goAway();

    assertThatThrownBy(() -> publisher.publish(ID, Finding.NORMAL, "reader"))
        .isInstanceOf(UnavailableException.class);
  }
}
