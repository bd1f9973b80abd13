package org.pneumostream.schemas;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Kafka and its registry, and the client settings that records of several MiB ask for. Values
 * travel as bytes; {@link Topic} turns them into records, so that one bad record is one error and
 * not the end of a consumer.
 */
public final class KafkaConnection {
  private final String bootstrapServers;
  private final Registry registry;
  private final Topics topics;
  private final int maxRecordBytes;
  private final Map<String, String> overrides;

  /**
   * @param bootstrapServers brokers, as {@code host:port}, separated by commas
   * @param registry the schema registry
   * @param settings names and sizes of the topics
   * @param overrides settings that go to every Kafka client as they are and win over ours
   */
  public KafkaConnection(
      String bootstrapServers,
      Registry registry,
      TopicSettings settings,
      Map<String, String> overrides) {
    this.bootstrapServers = bootstrapServers;
    this.registry = registry;
    this.topics = new Topics(settings, registry);
    this.maxRecordBytes = settings.maxRecordBytes();
    this.overrides = Map.copyOf(overrides);
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  public Registry registry() {
    return registry;
  }

  public Topics topics() {
    return topics;
  }

  /** Settings of every client: where the brokers are, and the overrides. */
  public Map<String, Object> clientSettings(Map<String, ?> ours) {
    Map<String, Object> all = new HashMap<>();
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    all.putAll(ours);
    all.putAll(overrides);
    return all;
  }

  public Admin admin() {
    return Admin.create(clientSettings(Map.of()));
  }

  /**
   * The cluster's own id, which stays the same wherever its brokers are.
   *
   * @throws KafkaException if no broker answers
   */
  public String clusterId() {
    try (Admin admin = admin()) {
      return admin.describeCluster().clusterId().get();
    } catch (ExecutionException e) {
      throw new KafkaException("cluster id of " + bootstrapServers, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  /** A producer that answers when all in-sync replicas have the record, and writes none twice. */
  public KafkaProducer<String, byte[]> producer(Map<String, ?> more) {
    Map<String, Object> ours = new HashMap<>(producerSettings());
    ours.putAll(more);
    return new KafkaProducer<>(
        clientSettings(ours), new StringSerializer(), new ByteArraySerializer());
  }

  /** What producers of large records need, for ours and for those of Kafka Streams. */
  public Map<String, Object> producerSettings() {
    return Map.of(
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        true,
        // Checked before compression.
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        maxRecordBytes,
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        Math.max(64L << 20, 4L * maxRecordBytes),
        // The operating system sizes the socket buffers: a third off the time of a large record.
        ProducerConfig.SEND_BUFFER_CONFIG,
        -1);
  }

  /** A consumer of committed records, whose offsets are committed by hand. */
  public KafkaConsumer<String, byte[]> consumer(Map<String, ?> more) {
    Map<String, Object> ours = new HashMap<>(consumerSettings());
    ours.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    ours.putAll(more);
    return new KafkaConsumer<>(
        clientSettings(ours), new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** What every consumer needs, for ours and for those of Kafka Streams. */
  public Map<String, Object> consumerSettings() {
    return Map.of(
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        "read_committed",
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "earliest",
        ConsumerConfig.RECEIVE_BUFFER_CONFIG,
        -1,
        // How long the partitions of a service that was killed wait for the next one.
        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
        10_000);
  }
}
