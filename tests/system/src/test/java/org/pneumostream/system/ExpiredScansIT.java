package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.ledger.TopicAudit;
import org.pneumostream.ledger.UnreadScans;
import org.pneumostream.preprocess.PreprocessService;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.settings.Settings;
import org.pneumostream.standalone.EmbeddedCluster;

/** Scans that expire while preprocess-stream is down. */
@Timeout(240)
class ExpiredScansIT {
  private static final Instant PUSHED =
      Instant.now().minusSeconds(3600).truncatedTo(ChronoUnit.MILLIS);

  @TempDir Path directory;

  @Test
  void reportsScansThatExpiredUnread() throws Exception {
    try (EmbeddedCluster cluster = EmbeddedCluster.start(directory, 0, 0)) {
      Settings settings =
          Settings.of(AllSettings.ALL, cluster.settings())
              .with(Map.of("preprocess-stream-port", "0"));
      KafkaConnection kafka = KafkaSettings.connectionWithTopics(settings);
      UnreadScans unread = new UnreadScans(kafka);
      TopicPartition first = new TopicPartition(kafka.topics().scans().name(), 0);
      assertThat(unread.oldest()).isEmpty();
      for (int offset = 0; offset < 6; offset++) {
        push(kafka, offset);
      }
      assertThat(unread.oldest()).contains(PUSHED);
      position(kafka, first, 2);
      assertThat(unread.oldest()).contains(PUSHED.plusSeconds(2));
      assertThat(new TopicAudit(kafka, record -> {}).balance("pneumonia").expired()).isEmpty();

      expire(kafka, first, 5);

      UnreadScans.Expired lost = new UnreadScans.Expired(0, 2, 5);
      assertThat(new TopicAudit(kafka, record -> {}).balance("pneumonia").expired())
          .containsExactly(lost);
      assertThat(new TopicAudit(kafka, record -> {}).balance("pneumonia").isBalanced()).isFalse();
      PreprocessService service = PreprocessService.start(settings);
      try {
        // The remaining record is malformed, and has its letter when the position is committed.
        while (new TopicAudit(kafka, record -> {}).deadLetters().size() < 2) {
          Thread.onSpinWait();
        }
      } finally {
        service.close();
      }
      assertThat(unread.expired()).isEmpty();
      assertThat(unread.oldest()).isEmpty();
      // An erasure leaves transaction markers in scans, which no consumer sees; they expire, too.
      aborted(kafka, first);
      assertThat(unread.oldest()).isEmpty();
      expire(kafka, first, -1);
      TopicAudit.Balance balance = new TopicAudit(kafka, record -> {}).balance("pneumonia");
      assertThat(balance.expired()).containsExactly(lost);
      assertThat(balance.expiredScans()).isEqualTo(3);
      assertThat(balance.isBalanced()).isFalse();
      assertThat(balance.letters().get(0).last().letter().getReason())
          .isEqualTo(
              "up to 3 scans expired unread, pneumostream.scans-0 offsets 2 to 4; push them again");
    }
  }

  private static void push(KafkaConnection kafka, int number) throws Exception {
    String id = "%064x".formatted(number);
    Scan scan =
        Scan.newBuilder()
            .setReceivedAt(PUSHED)
            .setSource(ScanSource.HTTP)
            .setContent(ByteBuffer.wrap(new byte[] {1, 2, 3}))
            .build();
    byte[] value = kafka.topics().scans().record(id, scan).value();
    long at = PUSHED.plusSeconds(number).toEpochMilli();
    try (Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      producer.send(new ProducerRecord<>(kafka.topics().scans().name(), 0, at, id, value)).get();
    }
  }

  private static void aborted(KafkaConnection kafka, TopicPartition partition) {
    Map<String, Object> id = Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "aborted");
    try (Producer<String, byte[]> producer = kafka.producer(id)) {
      producer.initTransactions();
      producer.beginTransaction();
      var unused =
          producer.send(
              new ProducerRecord<>(partition.topic(), partition.partition(), "", new byte[0]));
      producer.flush();
      producer.abortTransaction();
    }
  }

  private static void position(KafkaConnection kafka, TopicPartition partition, long offset)
      throws Exception {
    try (Admin admin = kafka.admin()) {
      admin
          .alterConsumerGroupOffsets(
              PreprocessService.group(kafka.topics()),
              Map.of(partition, new OffsetAndMetadata(offset)))
          .all()
          .get();
    }
  }

  private static void expire(KafkaConnection kafka, TopicPartition partition, long before)
      throws Exception {
    try (Admin admin = kafka.admin()) {
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before))).all().get();
    }
  }
}
