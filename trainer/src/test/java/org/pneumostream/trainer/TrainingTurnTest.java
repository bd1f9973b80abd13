package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pneumostream.training.TrainingListener;

class TrainingTurnTest {
  private static final TopicPartition MODELS = new TopicPartition("models", 0);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("latest");
  private TrainingTurn turn;

  @BeforeEach
  void join() {
    consumer.updateBeginningOffsets(Map.of(MODELS, 0L));
    consumer.updateEndOffsets(Map.of(MODELS, 9L));
    turn = new TrainingTurn(consumer, MODELS.topic());
  }

  @AfterEach
  void leave() {
    turn.close();
    assertThat(consumer.closed()).isTrue();
    assertThat(turn.isHeld()).isFalse();
  }

  @Test
  void isHeldWhileThePartitionIsAssignedAndReadsNothing() {
    assertThat(turn.isHeld()).isFalse();

    consumer.schedulePollTask(() -> consumer.rebalance(List.of(MODELS)));

    assertThat(turn.await(LONG)).isTrue();
    assertThat(turn.isHeld()).isTrue();
    assertThat(consumer.paused()).containsExactly(MODELS);
    consumer.schedulePollTask(() -> consumer.rebalance(List.of()));
    while (turn.isHeld()) {
      Thread.onSpinWait();
    }
    assertThat(turn.await(Duration.ofMillis(1))).isFalse();
  }

  @Test
  void waitingEndsOnStop() {
    int[] told = new int[1];
    int[] asked = new int[1];
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void waiting() {
            told[0]++;
          }
        };

    assertThat(turn.await(listener, () -> ++asked[0] == 3)).isFalse();
    assertThat(told[0]).isEqualTo(1);
  }

  @Test
  void reportsADeniedGroup() {
    consumer.setPollException(new GroupAuthorizationException("models.pneumonia.trainer"));

    assertThatThrownBy(() -> turn.await(LONG))
        .isInstanceOf(GroupAuthorizationException.class)
        .hasMessageContaining("models.pneumonia.trainer");
  }
}
