package org.pneumostream.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Answers and offsets are committed together, or not at all. */
class ScoringTransactionsTest extends ScoringLoopFixture {
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
}
