package org.pneumostream.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.Changelogs;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has Kafka remove the bytes of erased scans. Kafka removes what a tombstone ends by compaction
 * alone. Topics that are kept for a time must not be compacted as a rule: it would keep one
 * prediction or dead letter of each scan, and keep it too long. So they are compacted as long as
 * there is an erasure that is not older than twice {@code erase-within}, and no longer: the bytes
 * are gone in half of the first one, unless Kafka's cleaner has much else to do.
 *
 * <p>Compaction leaves out the segment that is written to, and a broker closes that one only when a
 * record comes. So a record that nobody sees, since its transaction is aborted, goes to every
 * partition in each {@link #round}.
 */
public final class ErasedBytes {
  /** Rounds within the time for an erasure. */
  public static final int ROUNDS = 8;

  private static final Logger log = LoggerFactory.getLogger(ErasedBytes.class);
  private static final String COMPACTED = "compact,delete";

  /** Letters carry megabytes, and only their absence counts. */
  private static final Map<String, Object> CONSUMER =
      Map.of(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20);

  private final KafkaConnection kafka;
  private final Topics topics;

  public ErasedBytes(KafkaConnection kafka) {
    this.kafka = kafka;
    this.topics = kafka.topics();
  }

  /** Has topics that are kept for a time compacted from now on; right after an erasure. */
  public void compact() {
    setPolicy(COMPACTED);
  }

  /**
   * To be called {@value #ROUNDS} times within {@code erase-within}, by one process or several.
   *
   * @return whether an erasure is under way
   * @throws KafkaException if Kafka is away
   */
  public boolean round(Instant now) {
    boolean isErasing = isErasedSince(now.minus(topics.eraseWithin().multipliedBy(2)));
    if (isErasing) {
      compact();
      closeSegments();
    } else {
      setPolicy(TopicConfig.CLEANUP_POLICY_DELETE);
    }
    return isErasing;
  }

  /** By dead-letters, which is the smallest of the topics that every erasure writes to. */
  private boolean isErasedSince(Instant since) {
    AtomicBoolean found = new AtomicBoolean();
    try (Consumer<String, byte[]> consumer = kafka.consumer(CONSUMER)) {
      CommittedRecords.since(consumer, topics.deadLetters().name(), since)
          .forEach(
              record -> {
                if (record.value() == null && record.timestamp() >= since.toEpochMilli()) {
                  found.set(true);
                }
              });
    }
    return found.get();
  }

  private void setPolicy(String policy) {
    try (Admin admin = kafka.admin()) {
      for (Topic<?> topic : topics.keptForATime()) {
        setPolicy(topic.name(), policy, admin);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  private void setPolicy(String topic, String policy, Admin admin) throws InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    ConfigEntry wanted = new ConfigEntry(TopicConfig.CLEANUP_POLICY_CONFIG, policy);
    try {
      String is =
          Objects.requireNonNull(admin.describeConfigs(List.of(resource)).values().get(resource))
              .get()
              .get(wanted.name())
              .value();
      if (is.contains(TopicConfig.CLEANUP_POLICY_COMPACT) != policy.equals(COMPACTED)) {
        var set = new AlterConfigOp(wanted, AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
        log.info("topic {}: now {}={}", topic, wanted.name(), policy);
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof AuthorizationException)) {
        throw new KafkaException("settings of topic " + topic, e.getCause());
      }
      // Who may not even look has not begun it, and need not end it.
      if (policy.equals(COMPACTED)) {
        log.warn(
            "topic {}: erased bytes stay, since its settings cannot be changed ({}); whoever may"
                + " should run: ./pneumostream topics erase, or kafka-configs.sh"
                + " --bootstrap-server {} --alter --entity-type topics --entity-name {}"
                + " --add-config {}=[{}]",
            topic,
            e.getCause().getMessage(),
            kafka.bootstrapServers(),
            topic,
            wanted.name(),
            policy);
      }
    }
  }

  private void closeSegments() {
    List<String> names = new ArrayList<>();
    topics.keyedByScan().forEach(topic -> names.add(topic.name()));
    try (Admin admin = kafka.admin()) {
      names.addAll(Changelogs.of(topics, admin));
    }
    String id = topics.scans().name() + ".erasure." + UUID.randomUUID();
    try (Producer<String, byte[]> producer =
        kafka.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id))) {
      producer.initTransactions();
      producer.beginTransaction();
      for (String name : names) {
        for (PartitionInfo partition : producer.partitionsFor(name)) {
          var unused =
              producer.send(new ProducerRecord<>(name, partition.partition(), "", new byte[0]));
        }
      }
      producer.flush();
      producer.abortTransaction();
    } catch (AuthorizationException e) {
      log.warn(
          "erased bytes stay where nothing else is written, since this login may not write to every"
              + " topic ({}); whoever may should run: ./pneumostream topics erase",
          e.getMessage());
    }
  }
}
