package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class CommittedRecordsTest {
  private static final TopicPartition PARTITION = new TopicPartition("scans", 0);

  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");

  @Test
  void givesUpIfTheBrokersReturnNothing() {
    onePartitionThatEndsAt(2);
    CommittedRecords records = CommittedRecords.upToNow(consumer, "scans");
    consumer.addRecord(new ConsumerRecord<>("scans", 0, 0, "first", new byte[1]));
    List<String> read = new ArrayList<>();

    assertThatThrownBy(
            () ->
                records.forEach(
                    record -> read.add(record.key()), (done, of) -> {}, () -> false, Duration.ZERO))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("received no records for 0 s, 1 offsets left to read");
    assertThat(read).containsExactly("first");
  }

  @Test
  void reportsAMissingTopicWithKafkasException() {
    assertThatThrownBy(() -> CommittedRecords.upToNow(consumer, "scans"))
        .isInstanceOf(UnknownTopicOrPartitionException.class)
        .hasMessage("topic scans does not exist yet");
  }

  private void onePartitionThatEndsAt(long end) {
    Node node = new Node(0, "localhost", 1);
    consumer.updatePartitions(
        "scans",
        List.of(new PartitionInfo("scans", 0, node, new Node[] {node}, new Node[] {node})));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, end));
  }
}
