package org.pneumostream.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pneumostream.classifier.Precision;
import org.pneumostream.runtime.LetterRoom;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.schemas.Prediction;

/** The loop between Kafka's own mock clients, with a real network. */
class ScoringLoopTest {
  private static final int BATCH_MAX = 2;

  private final ScorerFixture fixture = new ScorerFixture();
  private final String topic = fixture.topics.volumes().name();
  private final TopicPartition partition = new TopicPartition(topic, 0);
  private final ForgetfulKafka consumer = new ForgetfulKafka();
  private final UnansweredCommits producer = new UnansweredCommits();
  private final Queue<Champion> champions = new ArrayDeque<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<TopicPartition> without = new ArrayList<>();
  private ScoringLoop loop;
  private long offset;

  /** The given start offset. */
  private long start;

  /** Kafka that can remove the group's offsets. */
  private static final class ForgetfulKafka extends MockConsumer<String, byte[]> {
    private boolean forget;

    ForgetfulKafka() {
      super("none");
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
        Set<TopicPartition> partitions) {
      return forget ? Map.of() : super.committed(partitions);
    }
  }

  /** Kafka does not answer the first few commits. */
  private static final class UnansweredCommits extends MockProducer<String, byte[]> {
    private int unanswered;
    private Runnable meanwhile = () -> {};

    UnansweredCommits() {
      super(true, null, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public void commitTransaction() {
      if (unanswered > 0) {
        unanswered--;
        meanwhile.run();
        throw new TimeoutException("no answer");
      }
      super.commitTransaction();
    }
  }

  @BeforeEach
  void join() {
    consumer.setMaxPollRecords(1);
    loop = loop(producer, ScorerFixture.config(BATCH_MAX));
    loop.subscribe(topic);
    consumer.rebalance(List.of(partition));
    consumer.updateBeginningOffsets(Map.of(partition, 0L));
  }

  private ScoringLoop loop(UnansweredCommits producer, ScorerConfig config) {
    return new ScoringLoop(
        consumer,
        producer,
        () -> Optional.ofNullable(champions.poll()),
        partitions -> {
          without.addAll(partitions);
          return partitions.stream().collect(Collectors.toMap(one -> one, one -> start));
        },
        new BatchScorer(
            fixture.topics, 1, new LetterRoom(1 << 20), InstantSource.fixed(ScorerFixture.NOW)),
        config,
        new ScorerMetrics(
            meters, fixture.topics, InstantSource.fixed(ScorerFixture.NOW.plusSeconds(3))),
        Tracing.off());
  }

  @AfterEach
  void free() {
    loop.close();
  }

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
  void anAbortedBatchIsNotReadFromTheBeginningIfItsOffsetsWereRemoved() {
    start = 7;
    offset = 7;
    crown("1");
    offer("a");
    producer.commitTransactionException = new KafkaException("the coordinator has moved");
    consumer.forget = true;

    loop.round();

    assertThat(consumer.position(partition)).isEqualTo(7);
  }

  @Test
  void answersAndOffsetsAreOneTransaction() {
    crown("1");
    offer("a");
    offer("b");

    loop.round();
    loop.round();

    assertThat(predicted()).containsExactly("a", "b");
    assertThat(committed()).isEqualTo(2);
    assertThat(producer.commitCount()).isEqualTo(1);
  }

  @Test
  void abortsAnswersWhoseOffsetsAreRefused() {
    crown("1");
    offer("a");
    producer.sendOffsetsToTransactionException = new KafkaException("not of this generation");

    loop.round();

    assertThat(producer.history()).isEmpty();
    assertThat(producer.commitCount()).isZero();
    assertThat(producer.transactionAborted()).isTrue();
    assertThat(processed()).isZero();
  }

  @Test
  void repeatsAnUnansweredCommit() {
    crown("1");
    offer("a");
    producer.unanswered = 3;
    producer.meanwhile =
        () -> assertThat(loop.isWaitingForKafka()).isEqualTo(producer.unanswered < 2);

    loop.round();

    assertThat(predicted()).containsExactly("a");
    assertThat(committed()).isEqualTo(1);
    assertThat(producer.commitCount()).isEqualTo(1);
    assertThat(processed()).isEqualTo(1);
    assertThat(loop.isWaitingForKafka()).isFalse();
  }

  @Test
  void aStoppedLoopStopsWaitingForKafka() {
    crown("1");
    offer("a");
    producer.unanswered = 3;
    producer.meanwhile = loop::stop;

    assertThatThrownBy(loop::round).isInstanceOf(CancellationException.class);

    assertThat(producer.unanswered).isEqualTo(2);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void dropsVolumesOfAPartitionLostDuringABatch() {
    TopicPartition other = new TopicPartition(topic, 1);
    consumer.updateBeginningOffsets(Map.of(other, 0L));
    UnansweredCommits written = new UnansweredCommits();
    ScoringLoop patient = loop(written, ScorerFixture.config(BATCH_MAX, Duration.ofSeconds(1)));
    patient.subscribe(topic);
    crown("1");
    offer("a");
    consumer.schedulePollTask(() -> {});
    consumer.schedulePollTask(() -> consumer.rebalance(List.of(other)));

    patient.round();
    patient.close();

    assertThat(written.history()).isEmpty();
    assertThat(written.consumerGroupOffsetsHistory()).isEmpty();
    assertThat(written.commitCount()).isZero();
  }

  @Test
  void readsTheVolumesOfAnAbortedTransactionAgain() {
    crown("1");
    offer("a");
    producer.commitTransactionException = new KafkaException("the coordinator has moved");

    loop.round();
    assertThat(producer.history()).isEmpty();
    assertThat(producer.transactionAborted()).isTrue();
    assertThat(processed()).isZero();
    assertThat(meters.get("pneumostream.transactions.aborted").counter().count()).isEqualTo(1);

    producer.commitTransactionException = null;
    // A mock consumer forgets returned records.
    offset = 0;
    offer("a");
    loop.round();

    assertThat(predicted()).containsExactly("a");
    assertThat(committed()).isEqualTo(1);
    assertThat(processed()).isEqualTo(1);
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

  private double processed() {
    return meters.get("pneumostream.scans.processed").tag("stage", "scorer").counter().count();
  }

  private void crown(String version) {
    champions.add(
        Champion.load(
            ScorerFixture.model(version, Long.parseLong(version)),
            ScorerFixture.SHAPE,
            Precision.FULL));
  }

  private void offer(String key) {
    consumer.addRecord(fixture.record(offset, key, ScorerFixture.volume(offset)));
    offset++;
  }

  private List<String> predicted() {
    return producer.history().stream().map(ProducerRecord::key).toList();
  }

  private Prediction prediction(ProducerRecord<String, byte[]> record) {
    return fixture.topics.predictions().value(record.value());
  }

  private long committed() {
    List<Map<String, Map<TopicPartition, OffsetAndMetadata>>> history =
        producer.consumerGroupOffsetsHistory();
    return history.get(history.size() - 1).values().iterator().next().get(partition).offset();
  }
}
