package org.pneumostream.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.pneumostream.runtime.LetterRoom;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.schemas.Prediction;

/** What the loop reads and answers, and with which champion. */
class ScoringLoopTest extends ScoringLoopFixture {
  @Test
  void withoutAChampionNothingIsConsumed() {
    offer("a");

    loop.round();

    assertThat(consumer.paused()).containsExactly(partition);
    assertThat(consumer.position(partition)).isZero();
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void withoutAPositionItCommitsTheGivenStart() {
    start = 1;
    crown("1");
    offer("a");
    offer("b");

    loop.round();
    loop.round();

    assertThat(without).containsExactly(partition);
    assertThat(consumer.committed(Set.of(partition)).get(partition).offset()).isEqualTo(1);
    assertThat(predicted()).containsExactly("b");
  }

  @Test
  void withoutAPositionAndEvidenceItStops() {
    ScoringLoop lost =
        new ScoringLoop(
            consumer,
            producer,
            Optional::empty,
            partitions -> {
              throw new IllegalStateException("no position");
            },
            new BatchScorer(
                fixture.topics, 1, new LetterRoom(1 << 20), InstantSource.fixed(ScorerFixture.NOW)),
            ScorerFixture.config(1),
            new ScorerMetrics(
                new SimpleMeterRegistry(), fixture.topics, InstantSource.fixed(ScorerFixture.NOW)),
            Tracing.off());

    assertThatThrownBy(lost::round).hasMessage("no position");
  }

  @Test
  void switchesChampionsBetweenTwoBatches() {
    crown("1");
    offer("a");
    loop.round();
    crown("2");
    offer("b");
    loop.round();

    assertThat(producer.history())
        .extracting(record -> prediction(record).getModelVersion())
        .containsExactly("1", "2");
    assertThat(loop.champion().version().getVersion()).isEqualTo("2");
    assertThat(meters.get("pneumostream.model.swaps").counter().count()).isEqualTo(2);
  }

  @Test
  void aBatchNeverExceedsItsLimit() {
    crown("1");
    for (int i = 0; i < 5; i++) {
      offer("scan-" + i);
    }
    while (predicted().size() < 5) {
      loop.round();
    }

    assertThat(meters.get("pneumostream.batch").summary().max()).isLessThanOrEqualTo(BATCH_MAX);
  }

  @Test
  void countsAnswersByKindWhenTheyAreCommitted() {
    crown("1");
    offer("a");
    offer("b");
    consumer.addRecord(
        new ConsumerRecord<>(topic, 0, offset++, "junk", new byte[] {'j', 'u', 'n', 'k', '!'}));
    consumer.addRecord(fixture.record(offset++, "erased", null));
    for (int round = 0; round < 4; round++) {
      loop.round();
    }

    assertThat(processed()).isEqualTo(2);
    assertThat(
            meters
                .get("pneumostream.dead.letters")
                .tags("stage", "scorer", "reason", "SerializationException")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(meters.get("pneumostream.queue").gauge().value()).isZero();
    Timer latency = meters.get("pneumostream.prediction.latency").timer();
    assertThat(latency.count()).isEqualTo(2);
    Duration each = Duration.between(ScorerFixture.RECEIVED, ScorerFixture.NOW).plusSeconds(3);
    assertThat(latency.max(TimeUnit.MILLISECONDS)).isEqualTo(each.toMillis());
    assertThat(meters.get("pneumostream.stream.overhead").timer().max(TimeUnit.MILLISECONDS))
        .isLessThan(each.toMillis());
  }

  private Prediction prediction(ProducerRecord<String, byte[]> record) {
    return fixture.topics.predictions().value(record.value());
  }
}
