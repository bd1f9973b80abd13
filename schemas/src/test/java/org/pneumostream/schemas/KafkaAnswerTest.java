package org.pneumostream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class KafkaAnswerTest {
  private static final String FAILURE = "cannot list topics";

  @Test
  void returnsTheAnswer() {
    assertThat(KafkaAnswer.of(CompletableFuture.completedFuture("scans"), FAILURE))
        .isEqualTo("scans");
  }

  @Test
  void saysWhatFailedAndWhy() {
    TopicAuthorizationException refusal = new TopicAuthorizationException("not authorized");

    assertThatExceptionOfType(KafkaException.class)
        .isThrownBy(() -> KafkaAnswer.of(CompletableFuture.failedFuture(refusal), FAILURE))
        .withMessage("cannot list topics: not authorized")
        .havingCause()
        .isSameAs(refusal);
  }

  @Test
  void anInterruptedThreadStaysInterrupted() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptException.class)
        .isThrownBy(() -> KafkaAnswer.of(new CompletableFuture<>(), FAILURE))
        .withMessage("cannot list topics: interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }
}
