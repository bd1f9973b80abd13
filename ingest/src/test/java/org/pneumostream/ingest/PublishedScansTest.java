package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.RecordPlace;

class PublishedScansTest {
  private static final String TOPIC = "test.scans";
  private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
  private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);
  private static final String DEAD_LETTERS = "test.dead-letters";
  private static final TopicPartition LETTERS = new TopicPartition(DEAD_LETTERS, 0);
  private static final byte[] VALUE = {1};

  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final PublishedScans published = new PublishedScans(TOPIC, DEAD_LETTERS, consumer);

  @BeforeEach
  void twoPartitions() {
    partitions(0, 1);
    partitions(DEAD_LETTERS, 0);
    consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L, LETTERS, 0L));
    consumer.updateEndOffsets(Map.of(FIRST, 0L, SECOND, 0L, LETTERS, 0L));
  }

  @Test
  void findsTheScansOnTheTopic() {
    published.follow();
    add(FIRST, 0, id(1), VALUE);
    add(SECOND, 0, id(2), VALUE);
    add(SECOND, 1, "not a scan id", VALUE);
    published.follow();

    assertThat(published.find(id(1))).contains(new RecordPlace(0, 0));
    assertThat(published.find(id(2))).contains(new RecordPlace(1, 0));
    assertThat(published.find(id(3))).isEmpty();
    assertThat(published.size()).isEqualTo(2);
  }

  @Test
  void reportsHowMuchIsLeftToRead() {
    consumer.updateEndOffsets(Map.of(FIRST, 2L, SECOND, 1L));
    published.follow();
    assertThat(published.waitingFor()).isEqualTo("reading 3 records");

    add(FIRST, 0, id(1), VALUE);
    add(FIRST, 1, id(2), VALUE);
    published.follow();
    assertThat(published.waitingFor()).isEqualTo("reading 1 records");

    add(SECOND, 0, id(3), VALUE);
    published.follow();
    assertThat(published.waitingFor()).isEmpty();
  }

  @Test
  void forgetsAnErasedScanUnlessPushedAgain() {
    published.follow();
    add(FIRST, 0, id(1), VALUE);
    add(FIRST, 1, id(1), null);
    published.follow();
    assertThat(published.find(id(1))).isEmpty();

    published.add(new Receipt(id(2), TOPIC, 0, 5));
    add(FIRST, 2, id(2), null);
    published.follow();
    assertThat(published.find(id(2))).contains(new RecordPlace(0, 5));
  }

  @Test
  void forgetsAnErasedScanAtOnce() {
    published.add(new Receipt(id(1), TOPIC, 0, 5));
    published.forget(id(1));
    assertThat(published.find(id(1))).isEmpty();

    published.add(new Receipt(id(1), TOPIC, 0, 7));
    published.follow();
    add(FIRST, 6, id(1), null);
    published.follow();
    assertThat(published.find(id(1))).contains(new RecordPlace(0, 7));
  }

  @Test
  void keepsTheLatestPlace() {
    published.follow();
    published.add(new Receipt(id(1), TOPIC, 0, 3));
    add(FIRST, 0, id(1), VALUE);
    published.follow();

    assertThat(published.find(id(1))).contains(new RecordPlace(0, 3));
  }

  @Test
  void forgetsExpiredScans() {
    published.follow();
    add(FIRST, 0, id(1), VALUE);
    add(FIRST, 1, id(2), VALUE);
    add(SECOND, 0, id(3), VALUE);
    published.follow();

    consumer.updateBeginningOffsets(Map.of(FIRST, 1L));
    published.prune();

    assertThat(published.find(id(1))).isEmpty();
    assertThat(published.find(id(2))).isPresent();
    assertThat(published.find(id(3))).isPresent();
  }

  @Test
  void readsAddedPartitions() {
    published.follow();
    TopicPartition third = new TopicPartition(TOPIC, 2);
    partitions(0, 1, 2);
    consumer.updateBeginningOffsets(Map.of(third, 0L));
    consumer.updateEndOffsets(Map.of(third, 0L));
    published.prune();
    add(third, 0, id(1), VALUE);
    published.follow();

    assertThat(published.find(id(1))).contains(new RecordPlace(2, 0));
  }

  @Test
  void forgetsAFailedScanUntilItIsPushedAgain() {
    published.follow();
    add(FIRST, 0, id(1), VALUE);
    add(FIRST, 1, id(2), VALUE);
    published.follow();
    fails(0, id(1), "0@0");
    published.follow();
    assertThat(published.find(id(1))).isEmpty();
    assertThat(published.find(id(2))).isPresent();

    published.add(new Receipt(id(1), TOPIC, 0, 2));
    assertThat(published.find(id(1))).contains(new RecordPlace(0, 2));
    add(FIRST, 2, id(1), VALUE);
    published.follow();
    assertThat(published.find(id(1))).contains(new RecordPlace(0, 2));

    fails(1, id(1), "0@2");
    published.follow();
    assertThat(published.find(id(1))).isEmpty();
  }

  /** Like a start, when all records exist and either topic may be read first. */
  @Test
  void recognizesAFailedScanWhicheverTopicIsReadFirst() {
    published.follow();
    fails(0, id(1), "0@0");
    fails(1, id(2), "0@1");
    fails(2, id(3), "0@3");
    add(LETTERS, 3, id(3), null);
    published.follow();
    add(FIRST, 0, id(1), VALUE);
    add(FIRST, 1, id(2), VALUE);
    add(FIRST, 2, id(2), VALUE);
    add(FIRST, 3, id(3), VALUE);
    published.follow();

    assertThat(published.find(id(1))).isEmpty();
    assertThat(published.find(id(2))).contains(new RecordPlace(0, 2));
    assertThat(published.find(id(3))).contains(new RecordPlace(0, 3));
  }

  /** The clock of the letter's producer is an hour slow, then an hour fast. */
  @Test
  void matchesLettersToRecordsWithoutClocks() {
    published.follow();
    addAt(4_000_000, FIRST, 0, id(1), VALUE);
    addAt(4_000_000, FIRST, 1, id(2), VALUE);
    addAt(400_000, LETTERS, 0, id(1), VALUE, "0@0");
    addAt(7_600_000, LETTERS, 1, id(2), VALUE, "0@0");
    published.follow();

    assertThat(published.find(id(1))).isEmpty();
    assertThat(published.find(id(2))).contains(new RecordPlace(0, 1));
  }

  /** A letter about a label is no reason to push the scan again. */
  @Test
  void aLetterAboutALabelDoesNotAffectTheScan() {
    published.follow();
    add(FIRST, 0, id(1), VALUE);
    add(LETTERS, 0, id(1), VALUE);
    published.follow();

    assertThat(published.find(id(1))).contains(new RecordPlace(0, 0));
  }

  @Test
  void readsNothingIfATopicIsUnknown() {
    MockConsumer<String, byte[]> early = new MockConsumer<>("earliest");
    PublishedScans scans = new PublishedScans(TOPIC, DEAD_LETTERS, early);

    scans.follow();

    assertThat(scans.waitingFor()).isEqualTo("topic " + TOPIC);
  }

  @Test
  void reportsThatKafkaIsUnavailableAndRecovers() {
    consumer.setPollException(new TimeoutException("no broker"));
    published.follow();
    assertThat(published.waitingFor()).isEqualTo("Kafka: no broker");

    published.follow();
    assertThat(published.waitingFor()).isEmpty();
  }

  private void partitions(int... numbers) {
    partitions(TOPIC, numbers);
  }

  private void partitions(String topic, int... numbers) {
    Node node = new Node(0, "localhost", 1);
    consumer.updatePartitions(
        topic,
        java.util.Arrays.stream(numbers)
            .mapToObj(
                number ->
                    new PartitionInfo(topic, number, node, new Node[] {node}, new Node[] {node}))
            .toList());
  }

  /** A letter about the scan at that place. */
  private void fails(long number, String key, String scan) {
    addAt(0, LETTERS, number, key, VALUE, scan);
  }

  private void addAt(long time, TopicPartition partition, long offset, String key, byte[] value) {
    addAt(time, partition, offset, key, value, null);
  }

  private void addAt(
      long time, TopicPartition partition, long offset, String key, byte[] value, String scan) {
    RecordHeaders headers = new RecordHeaders();
    if (scan != null) {
      headers.add("scan-place", scan.getBytes(StandardCharsets.US_ASCII));
    }
    consumer.addRecord(
        new ConsumerRecord<>(
            partition.topic(),
            partition.partition(),
            offset,
            time,
            TimestampType.CREATE_TIME,
            key.length(),
            value == null ? 0 : value.length,
            key,
            value,
            headers,
            Optional.empty()));
  }

  private void add(TopicPartition partition, long offset, String key, byte[] value) {
    consumer.addRecord(
        new ConsumerRecord<>(partition.topic(), partition.partition(), offset, key, value));
  }

  private static String id(int number) {
    return List.of("0f", "1e", "2d", "3c").get(number).repeat(32);
  }
}
