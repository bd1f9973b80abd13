package org.pneumostream.schemas;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Waits for what the brokers answer to a request. */
public final class KafkaAnswer {
  private KafkaAnswer() {}

  /**
   * The answer to a request.
   *
   * @param failure what a refusal means, such as "cannot list topics"; begins its message
   * @throws InterruptException if this thread is interrupted
   * @throws KafkaException if the brokers refuse; its cause is their error
   */
  public static <T> T of(Future<T> request, String failure) {
    try {
      return request.get();
    } catch (ExecutionException e) {
      throw new KafkaException(failure + ": " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      // Keeps the thread interrupted.
      throw new InterruptException(failure + ": interrupted", e);
    }
  }
}
