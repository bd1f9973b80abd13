package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.pneumostream.scanstore.ScanStoreAwayException;
import org.pneumostream.schemas.RegistryAwayException;

/**
 * Cases beyond {@link PreprocessTopologyTest}: Kafka, a registry or a scan store is unavailable.
 */
class DeadLetterHandlerTest {
  private static final RegistryAwayException AWAY =
      new RegistryAwayException("registry: no schema with id 7", new IOException("refused"));

  private final DeadLetterHandler handler = new DeadLetterHandler();

  @Test
  void anUnreadableRecordFailsTheServiceWhileTheRegistryIsUnavailable() {
    var answer =
        handler.handleError(
            null, new ConsumerRecord<>("scans", 0, 0, new byte[0], new byte[0]), AWAY);

    assertThat(answer.result()).isEqualTo(DeserializationExceptionHandler.Result.FAIL);
    assertThat(answer.deadLetterQueueRecords()).isEmpty();
  }

  @Test
  void aProcessingErrorFailsTheServiceWhileTheRegistryIsUnavailable() {
    var answer =
        handler.handleError(null, new Record<>("a", "b", 0), new StreamsException("store", AWAY));

    assertThat(answer.result()).isEqualTo(ProcessingExceptionHandler.Result.FAIL);
    assertThat(answer.deadLetterQueueRecords()).isEmpty();
  }

  @Test
  void anUnreadableVolumeFailsTheServiceWhileKafkaIsUnavailable() {
    var answer =
        handler.handleError(
            null, new Record<>("a", "b", 0), new TimeoutException("volumes-0: no answer"));

    assertThat(answer.result()).isEqualTo(ProcessingExceptionHandler.Result.FAIL);
    assertThat(answer.deadLetterQueueRecords()).isEmpty();
  }

  @Test
  void anUnreadableScanFailsTheServiceWhileTheScanStoreIsUnavailable() {
    var away = new ScanStoreAwayException("s3://scans/", new IOException("refused"));

    var answer =
        handler.handleError(null, new Record<>("a", "b", 0), new UncheckedIOException(away));

    assertThat(answer.result()).isEqualTo(ProcessingExceptionHandler.Result.FAIL);
    assertThat(answer.deadLetterQueueRecords()).isEmpty();
  }
}
