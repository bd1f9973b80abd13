package org.pneumostream.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.pneumostream.schemas.Changelogs;
import org.pneumostream.schemas.ClientSetup;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.TopicUpgrade;
import org.pneumostream.schemas.Topics;

/**
 * Kafka and its registry, and the client settings that records of several MiB ask for. Values
 * travel as bytes; {@link Topic} turns them into records, so that one bad record is one error and
 * not the end of a consumer.
 */
public final class KafkaConnection {
  private static final List<String> STREAMS_PREFIXES = List.of("producer.", "consumer.");

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

  /**
   * Settings of Kafka Streams, which prefers what has a client's prefix, such as {@code producer.}.
   * An override wins over ours there, too, unless it has a prefix itself.
   */
  public Map<String, Object> streamsSettings(Map<String, ?> ours) {
    Map<String, Object> all = clientSettings(ours);
    all.keySet()
        .removeIf(key -> !overrides.containsKey(key) && overrides.containsKey(withoutPrefix(key)));
    return all;
  }

  private static String withoutPrefix(String key) {
    return STREAMS_PREFIXES.stream()
        .filter(key::startsWith)
        .findFirst()
        .map(prefix -> key.substring(prefix.length()))
        .orElse(key);
  }

  /**
   * @throws KafkaException if a setting is no good, such as a trust store that is not there
   */
  public Admin admin() {
    return admin(Map.of());
  }

  private Admin admin(Map<String, ?> ours) {
    Map<String, Object> settings = clientSettings(ours);
    try {
      return Admin.create(settings);
    } catch (KafkaException e) {
      if (isLoginUnreadable(settings)) {
        // The parser's own words may be a part of the password.
        throw new KafkaException(
            SaslConfigs.SASL_JAAS_CONFIG
                + ": cannot be read, expected CLASS required username=\"...\" password=\"...\";");
      }
      throw new KafkaException("Kafka client: " + ClientSetup.failure(e), e);
    }
  }

  private static boolean isLoginUnreadable(Map<String, Object> settings) {
    Map<String, ?> values;
    try {
      values = new AdminClientConfig(settings).values();
    } catch (KafkaException e) {
      return false;
    }
    try {
      return values.get(SaslConfigs.SASL_JAAS_CONFIG) != null
          && JaasContext.loadClientContext(values).configurationEntries().isEmpty();
    } catch (IllegalArgumentException | KafkaException e) {
      return true;
    }
  }

  /**
   * Creates the topics that are missing and registers every schema, as {@link Topics#createMissing}
   * does. Topics that are there get room for what is written today, and the settings that erasures
   * rest on.
   *
   * @param ours settings of the client that does it
   * @return full names of the topics made here, in order
   */
  public Set<String> createMissingTopics(Map<String, ?> ours) {
    try (Admin admin = admin(ours)) {
      Set<String> made = topics.createMissing(admin);
      Map<String, Map<String, String>> there = new HashMap<>();
      topics.all().forEach(topic -> there.put(topic.name(), topic.settings()));
      there.keySet().removeAll(made);
      Changelogs.of(topics, admin).forEach(name -> there.put(name, topics.erasable()));
      new TopicUpgrade(admin, bootstrapServers).apply(there);
      return made;
    } catch (KafkaException e) {
      Throwable cause = e.getCause() instanceof ExecutionException failed ? failed.getCause() : e;
      throw cause instanceof AuthenticationException || cause instanceof TimeoutException
          ? unreached(cause)
          : e;
    }
  }

  /** What keeps clients from the brokers, in a line that does not tell the login. */
  public KafkaException unreached(Throwable cause) {
    if (cause instanceof AuthenticationException) {
      String detail = cause.getCause() == null ? "" : ": " + ClientSetup.failure(cause.getCause());
      return new KafkaException(
          "Kafka at " + bootstrapServers + ": " + cause.getMessage() + detail, cause);
    }
    String protocol =
        overrides.getOrDefault(
            CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
            CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL);
    return new KafkaException(
        "no Kafka broker answers at %s over %s; is the system running?"
            .formatted(bootstrapServers, protocol),
        cause);
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

  /**
   * The most bytes that a batch of records may have on a topic, as the brokers have it; empty if
   * they do not let this login know.
   *
   * @throws KafkaException if no broker answers
   */
  public OptionalLong maxRecordBytes(Topic<?> topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    try (Admin admin = admin()) {
      Config config =
          Objects.requireNonNull(admin.describeConfigs(List.of(resource)).values().get(resource))
              .get();
      return OptionalLong.of(
          Long.parseLong(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return OptionalLong.empty();
      }
      throw new KafkaException("settings of topic " + topic.name(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  /** The most bytes that a producer sends at once, before compression, as the user has it. */
  public long maxRequestBytes() {
    return Stream.of(
            "producer." + ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG)
        .map(overrides::get)
        .filter(Objects::nonNull)
        .findFirst()
        .map(Long::valueOf)
        .orElse((long) maxRecordBytes);
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
        // Each record is waited for, by a push or by a transaction.
        ProducerConfig.LINGER_MS_CONFIG,
        0,
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
