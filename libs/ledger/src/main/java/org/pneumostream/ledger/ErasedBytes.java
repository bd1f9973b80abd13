package org.pneumostream.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
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
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.Changelogs;
import org.pneumostream.schemas.KafkaAnswer;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Kafka remove the bytes of erased scans. Kafka removes what a tombstone ends only by
 * compaction. Topics with a retention time must not be compacted in general: compaction would keep
 * only one prediction or dead letter of each scan, and keep it too long. So they are compacted only
 * while there is an erasure younger than twice {@code erase-within}. The bytes are gone after half
 * of {@code erase-within}, unless Kafka's cleaner has a large backlog.
 *
 * <p>Compaction skips the active segment, and a broker closes that segment only when a record
 * arrives. So each {@link #round} writes one record to every partition in a transaction that it
 * aborts; no consumer sees them.
 */
public final class ErasedBytes {
  /** Rounds within {@code erase-within}. */
  public static final int ROUNDS = 8;

  private static final Logger log = LoggerFactory.getLogger(ErasedBytes.class);
  private static final String COMPACTED = "compact,delete";

  /** Letters are large, and only their existence matters. */
  private static final Map<String, Object> CONSUMER =
      Map.of(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20);

  private final KafkaConnection kafka;
  private final Topics topics;

  public ErasedBytes(KafkaConnection kafka) {
    this.kafka = kafka;
    this.topics = kafka.topics();
  }

  /** Switches on compaction of topics with a retention time; call it right after an erasure. */
  public void compact() {
    setPolicy(COMPACTED);
  }

  /**
   * One round; call it {@value #ROUNDS} times within {@code erase-within}, from one process or
   * several.
   *
   * @return whether an erasure is in progress
   * @throws KafkaException if Kafka is unavailable
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

  /** Looks on dead-letters, the smallest of the topics that every erasure writes to. */
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
    }
  }

  private void setPolicy(String topic, String policy, Admin admin) {
    String failure = "cannot read or change settings of topic " + topic;
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    ConfigEntry wanted = new ConfigEntry(TopicConfig.CLEANUP_POLICY_CONFIG, policy);
    try {
      String is =
          KafkaAnswer.of(
                  Objects.requireNonNull(
                      admin.describeConfigs(List.of(resource)).values().get(resource)),
                  failure)
              .get(wanted.name())
              .value();
      if (is.contains(TopicConfig.CLEANUP_POLICY_COMPACT) != policy.equals(COMPACTED)) {
        var set = new AlterConfigOp(wanted, AlterConfigOp.OpType.SET);
        KafkaAnswer.of(
            admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all(), failure);
        log.info("topic {}: set {}={}", topic, wanted.name(), policy);
      }
    } catch (KafkaException e) {
      if (!(e.getCause() instanceof AuthorizationException)) {
        throw e;
      }
      // A login without the right to look cannot have started compaction, so it need not end it.
      if (policy.equals(COMPACTED)) {
        log.warn(
            "topic {}: erased bytes remain, since its settings cannot be changed ({}); have an"
                + " administrator run: ./pneumostream topics erase, or kafka-configs.sh"
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
          "erased bytes may remain on idle topics, since this login may not write to every"
              + " topic ({}); have an administrator run: ./pneumostream topics erase",
          e.getMessage());
    }
  }
}
