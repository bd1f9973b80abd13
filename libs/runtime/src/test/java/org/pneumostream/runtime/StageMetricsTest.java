package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.Topics;
import org.pneumostream.support.InMemoryKafka;
import org.pneumostream.support.SampleRecords;

class StageMetricsTest {
  private final Topics topics = InMemoryKafka.topics("");
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final StageMetrics metrics =
      new StageMetrics(meters, "scorer", topics.volumes(), topics.deadLetters());

  @Test
  void countsRecordsWhenTheyAreCommitted() {
    StageMetrics.Transaction transaction = metrics.begin();
    transaction.wrote(result("a"));
    transaction.wrote(result("b"));
    transaction.wrote(letter("c", "InvalidDataException"));
    transaction.wrote(letter("d", "IOException"));
    transaction.wrote(letter("e", "IOException"));
    assertThat(processed()).isZero();
    assertThat(meters.find("pneumostream.dead.letters").counters()).isEmpty();

    transaction.committed();

    assertThat(processed()).isEqualTo(2);
    assertThat(letters("InvalidDataException")).isEqualTo(1);
    assertThat(letters("IOException")).isEqualTo(2);
  }

  @Test
  void anAbortedAndRepeatedTransactionCountsOnce() {
    StageMetrics.Transaction takenBack = metrics.begin();
    takenBack.wrote(result("a"));
    takenBack.wrote(letter("b", "IOException"));

    StageMetrics.Transaction again = metrics.begin();
    again.wrote(result("a"));
    again.wrote(letter("b", "IOException"));
    again.committed();

    assertThat(processed()).isEqualTo(1);
    assertThat(letters("IOException")).isEqualTo(1);
  }

  @Test
  void tombstonesAndOtherTopicsAreNotResults() {
    StageMetrics.Transaction transaction = metrics.begin();
    transaction.wrote(new ProducerRecord<>(topics.volumes().name(), "a", null));
    transaction.wrote(new ProducerRecord<>(topics.deadLetters().name(), "a", null));
    transaction.wrote(new ProducerRecord<>(topics.alerts().name(), "a", new byte[1]));
    transaction.committed();

    assertThat(processed()).isZero();
    assertThat(meters.getMeters())
        .extracting(Meter::getId)
        .extracting(Meter.Id::getName)
        .containsExactly("pneumostream.scans.processed");
  }

  private ProducerRecord<String, byte[]> result(String key) {
    return new ProducerRecord<>(topics.volumes().name(), key, new byte[1]);
  }

  private ProducerRecord<String, byte[]> letter(String key, String error) {
    return topics
        .deadLetters()
        .record(key, SampleRecords.deadLetter().setError(error).setReason("Doe^Jane").build());
  }

  private double processed() {
    return meters.get("pneumostream.scans.processed").tag("stage", "scorer").counter().count();
  }

  private double letters(String reason) {
    return meters
        .get("pneumostream.dead.letters")
        .tags("stage", "scorer", "reason", reason)
        .counter()
        .count();
  }
}
