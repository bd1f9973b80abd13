package org.pneumostream.scorer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.pneumostream.classifier.Precision;
import org.pneumostream.runtime.LetterRoom;
import org.pneumostream.runtime.Tracing;

/** The loop between Kafka's own mock clients, with a real network. */
abstract class ScoringLoopFixture {
  static final int BATCH_MAX = 2;

  final ScorerFixture fixture = new ScorerFixture();
  final String topic = fixture.topics.volumes().name();
  final TopicPartition partition = new TopicPartition(topic, 0);
  final ForgetfulKafka consumer = new ForgetfulKafka();
  final UnansweredCommits producer = new UnansweredCommits();
  final Queue<Champion> champions = new ArrayDeque<>();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<TopicPartition> without = new ArrayList<>();
  ScoringLoop loop;
  long offset;

  /** The given start offset. */
  long start;

  /** Kafka that can remove the group's offsets. */
  static final class ForgetfulKafka extends MockConsumer<String, byte[]> {
    boolean forget;

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
  static final class UnansweredCommits extends MockProducer<String, byte[]> {
    int unanswered;
    Runnable meanwhile = () -> {};

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

  ScoringLoop loop(UnansweredCommits producer, ScorerConfig config) {
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

  double processed() {
    return meters.get("pneumostream.scans.processed").tag("stage", "scorer").counter().count();
  }

  void crown(String version) {
    champions.add(
        Champion.load(
            ScorerFixture.model(version, Long.parseLong(version)),
            ScorerFixture.SHAPE,
            Precision.FULL));
  }

  void offer(String key) {
    consumer.addRecord(fixture.record(offset, key, ScorerFixture.volume(offset)));
    offset++;
  }

  List<String> predicted() {
    return producer.history().stream().map(ProducerRecord::key).toList();
  }

  long committed() {
    List<Map<String, Map<TopicPartition, OffsetAndMetadata>>> history =
        producer.consumerGroupOffsetsHistory();
    return history.get(history.size() - 1).values().iterator().next().get(partition).offset();
  }
}
