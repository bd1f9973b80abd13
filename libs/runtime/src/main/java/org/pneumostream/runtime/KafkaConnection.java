package org.pneumostream.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
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
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.pneumostream.schemas.Changelogs;
import org.pneumostream.schemas.ClientFailure;
import org.pneumostream.schemas.KafkaAnswer;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.TopicUpgrade;
import org.pneumostream.schemas.Topics;

/**
 * Connection to Kafka and the registry, with client settings for records of several MiB. Clients
 * handle values as bytes and {@link Topic} converts them, so that a malformed record is one error
 * and does not end a consumer.
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
   * @param overrides settings for every Kafka client, which take precedence over ours
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

  /** Settings of every client: the brokers, and the overrides. */
  public Map<String, Object> clientSettings(Map<String, ?> ours) {
    Map<String, Object> all = new HashMap<>();
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    all.putAll(ours);
    all.putAll(overrides);
    return all;
  }

  /**
   * Settings of Kafka Streams, which prefers keys with a client's prefix, such as {@code
   * producer.}. An override takes precedence there, too, unless it has a prefix itself.
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
   * @throws KafkaException if a setting is invalid, such as a trust store that does not exist
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
        // The parser's message may quote a part of the password.
        throw new KafkaException(
            SaslConfigs.SASL_JAAS_CONFIG
                + ": malformed, expected CLASS required username=\"...\" password=\"...\";");
      }
      throw new KafkaException("Kafka client: " + ClientFailure.reason(e), e);
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
   * Creates the missing topics and registers every schema, as {@link Topics#createMissing} does.
   * Raises settings of existing topics to what today's records and erasures need.
   *
   * @param ours settings of the client to use
   * @return full names of the topics created here, in order
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
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof AuthenticationException || cause instanceof TimeoutException
          ? unreached(cause)
          : e;
    }
  }

  /** Why the brokers cannot be reached, in one line that does not reveal the login. */
  public KafkaException unreached(Throwable cause) {
    if (cause instanceof AuthenticationException) {
      String detail = cause.getCause() == null ? "" : ": " + ClientFailure.reason(cause.getCause());
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
   * The cluster's own id, which does not change with its brokers' addresses.
   *
   * @throws KafkaException if no broker answers
   */
  public String clusterId() {
    try (Admin admin = admin()) {
      return KafkaAnswer.of(
          admin.describeCluster().clusterId(),
          "cannot read the cluster id from " + bootstrapServers);
    }
  }

  /**
   * The topic's limit on the bytes of a record batch; empty if this login may not describe the
   * topic.
   *
   * @throws KafkaException if no broker answers
   */
  public OptionalLong maxRecordBytes(Topic<?> topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    try (Admin admin = admin()) {
      Config config =
          KafkaAnswer.of(
              Objects.requireNonNull(
                  admin.describeConfigs(List.of(resource)).values().get(resource)),
              "cannot read the settings of topic " + topic.name());
      return OptionalLong.of(
          Long.parseLong(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value()));
    } catch (KafkaException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  /**
   * The producer's limit on a request's bytes, before compression, including the user's override.
   */
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

  /** An idempotent producer, which answers when all in-sync replicas have the record. */
  public KafkaProducer<String, byte[]> producer(Map<String, ?> more) {
    Map<String, Object> ours = new HashMap<>(producerSettings());
    ours.putAll(more);
    return new KafkaProducer<>(
        clientSettings(ours), new StringSerializer(), new ByteArraySerializer());
  }

  /** Producer settings for large records, for our producers and those of Kafka Streams. */
  public Map<String, Object> producerSettings() {
    return Map.of(
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        true,
        // The producer checks this before compression.
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        maxRecordBytes,
        // A push or a transaction waits for each record.
        ProducerConfig.LINGER_MS_CONFIG,
        0,
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        Math.max(64L << 20, 4L * maxRecordBytes),
        // Lets the operating system size the socket buffers, which makes large records a third
        // faster.
        ProducerConfig.SEND_BUFFER_CONFIG,
        -1);
  }

  /** A read-committed consumer without automatic commits. */
  public KafkaConsumer<String, byte[]> consumer(Map<String, ?> more) {
    Map<String, Object> ours = new HashMap<>(consumerSettings());
    ours.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    ours.putAll(more);
    return new KafkaConsumer<>(
        clientSettings(ours), new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Consumer settings, for our consumers and those of Kafka Streams. */
  public Map<String, Object> consumerSettings() {
    return Map.of(
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        "read_committed",
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "earliest",
        ConsumerConfig.RECEIVE_BUFFER_CONFIG,
        -1,
        // How long the partitions of a killed service wait for another member.
        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
        10_000);
  }
}
