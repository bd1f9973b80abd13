package org.pneumostream.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The catalogue of topics: keys, values and retention. */
public final class Topics {
  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
  private static final Map<String, String> ZSTD =
      Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, "zstd");

  /**
   * Tombstones stay this long, so that preprocess-stream or an interrupted training run still sees
   * an erasure after a week of absence.
   */
  private static final Duration ERASURES_SEEN = Duration.ofDays(8);

  /** Divides the time for an erasure: Kafka closes a segment first, and compacts it later. */
  private static final int COMPACTIONS_WITHIN = 4;

  /** In Kafka's words. */
  private static final Duration FOR_EVER = Duration.ofMillis(-1);

  private static final Duration LED_WITHIN = Duration.ofSeconds(30);
  private static final Duration ASK_LEADERS_EVERY = Duration.ofMillis(100);

  private final TopicSettings settings;
  private final Registry registry;
  private final List<Topic<?>> all = new ArrayList<>();

  private final Topic<Scan> scans;
  private final Topic<Volume> volumes;
  private final Topic<Label> labels;
  private final Topic<LabeledVolume> labeledVolumes;
  private final Topic<ModelVersion> models;
  private final Topic<ModelEvent> modelEvents;
  private final Topic<TrainingEpoch> trainingEpochs;
  private final Topic<Prediction> predictions;
  private final Topic<Alert> alerts;
  private final Topic<DeadLetter> deadLetters;

  public Topics(TopicSettings settings, Registry registry) {
    this.settings = settings;
    this.registry = registry;
    int wide = settings.partitions();
    // One partition, since readers need a model's versions and champion in the order of writing.
    int narrow = 1;
    // Pushed files are mostly compressed already.
    scans = topic("scans", Scan.class, wide, kept(Duration.ofDays(7)), erasable());
    volumes = topic("volumes", Volume.class, wide, COMPACTED, ZSTD, erasable());
    labels = topic("labels", Label.class, wide, COMPACTED, erasable());
    labeledVolumes =
        topic("labeled-volumes", LabeledVolume.class, wide, COMPACTED, ZSTD, erasable());
    models = topic("models", ModelVersion.class, narrow, COMPACTED, ZSTD);
    modelEvents = topic("model-events", ModelEvent.class, narrow, kept(FOR_EVER));
    trainingEpochs =
        topic("training-epochs", TrainingEpoch.class, narrow, kept(Duration.ofDays(90)));
    predictions =
        topic("predictions", Prediction.class, wide, kept(Duration.ofDays(90)), erasable());
    alerts = topic("alerts", Alert.class, wide, kept(Duration.ofDays(90)), erasable());
    deadLetters =
        topic("dead-letters", DeadLetter.class, narrow, kept(Duration.ofDays(90)), erasable());
  }

  /** Prefix of every topic's name. */
  public String prefix() {
    return settings.prefix();
  }

  /** Compaction settings that topics keyed by scan id have whenever they are compacted. */
  public Map<String, String> erasable() {
    return Map.of(
        TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
        Long.toString(settings.eraseWithin().dividedBy(COMPACTIONS_WITHIN).toMillis()),
        TopicConfig.DELETE_RETENTION_MS_CONFIG,
        Long.toString(ERASURES_SEEN.toMillis()));
  }

  /** Time within which the bytes of an erased scan are gone. */
  public Duration eraseWithin() {
    return settings.eraseWithin();
  }

  /** The consumer group of preprocess-stream, which is its application id. */
  public String preprocessGroup() {
    return scans.name() + ".preprocess-stream";
  }

  /** The topics keyed by scan id: all that a scan leaves behind. */
  public List<Topic<?>> keyedByScan() {
    return List.of(scans, volumes, labels, labeledVolumes, predictions, alerts, deadLetters);
  }

  /**
   * Those of {@link #keyedByScan()} with a retention time; compacted only to remove erased bytes.
   */
  public List<Topic<?>> keptForATime() {
    return List.of(scans, predictions, alerts, deadLetters);
  }

  public Topic<Scan> scans() {
    return scans;
  }

  public Topic<Volume> volumes() {
    return volumes;
  }

  public Topic<Label> labels() {
    return labels;
  }

  public Topic<LabeledVolume> labeledVolumes() {
    return labeledVolumes;
  }

  public Topic<ModelVersion> models() {
    return models;
  }

  public Topic<ModelEvent> modelEvents() {
    return modelEvents;
  }

  public Topic<TrainingEpoch> trainingEpochs() {
    return trainingEpochs;
  }

  public Topic<Prediction> predictions() {
    return predictions;
  }

  public Topic<Alert> alerts() {
    return alerts;
  }

  public Topic<DeadLetter> deadLetters() {
    return deadLetters;
  }

  public List<Topic<?>> all() {
    return List.copyOf(all);
  }

  /**
   * Creates the missing topics and registers every schema. Several services may call it at once. It
   * leaves existing topics alone, and topics that the client may not describe. When it returns, the
   * new topics take records.
   *
   * @return full names of the topics created here, in order
   * @throws KafkaException if the brokers refuse
   * @throws org.apache.kafka.common.errors.SerializationException if the registry refuses a schema
   * @throws RegistryAwayException if the registry does not answer
   */
  public Set<String> createMissing(Admin admin) {
    Set<String> made = create(missing(admin), admin);
    awaitLeaders(admin, made);
    all.forEach(topic -> topic.values().register(topic.name()));
    return made;
  }

  private List<Topic<?>> missing(Admin admin) {
    Map<String, KafkaFuture<TopicDescription>> described =
        admin.describeTopics(all.stream().map(Topic::name).toList()).topicNameValues();
    List<Topic<?>> missing = new ArrayList<>();
    for (Topic<?> topic : all) {
      try {
        KafkaAnswer.of(
            Objects.requireNonNull(described.get(topic.name())),
            "cannot look up topic " + topic.name());
      } catch (KafkaException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
          missing.add(topic);
        } else if (!(e.getCause() instanceof TopicAuthorizationException)) {
          throw e;
        }
      }
    }
    return missing;
  }

  /** Full names of the topics that did not exist. */
  private Set<String> create(List<Topic<?>> topics, Admin admin) {
    List<NewTopic> wanted =
        topics.stream()
            .map(
                topic ->
                    new NewTopic(
                            topic.name(),
                            Optional.of(topic.partitions()),
                            Optional.of(settings.replication()).filter(r -> r > 0))
                        .configs(topic.settings()))
            .toList();
    Map<String, KafkaFuture<Void>> created = admin.createTopics(wanted).values();
    Set<String> made = new TreeSet<>();
    for (Topic<?> topic : topics) {
      try {
        KafkaAnswer.of(
            Objects.requireNonNull(created.get(topic.name())),
            "cannot create topic " + topic.name());
        made.add(topic.name());
      } catch (KafkaException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
    return made;
  }

  /**
   * Brokers announce a partition's leader before the leader itself knows. The leader then refuses a
   * producer's first batch but may take the second. The first is out of order from then on, until
   * its delivery times out.
   */
  private void awaitLeaders(Admin admin, Set<String> made) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (Topic<?> topic : all) {
      for (int number = 0; made.contains(topic.name()) && number < topic.partitions(); number++) {
        ends.put(new TopicPartition(topic.name(), number), OffsetSpec.latest());
      }
    }
    long start = System.nanoTime();
    try {
      while (!areLed(ends, admin)) {
        if (System.nanoTime() - start > LED_WITHIN.toNanos()) {
          throw new KafkaException(
              "created topics still have no leader after %d s: %s"
                  .formatted(LED_WITHIN.toSeconds(), made));
        }
        Thread.sleep(ASK_LEADERS_EVERY.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while waiting for the leaders of " + made, e);
    }
  }

  /** Asks the leaders, if there are any; the broker asked may not know a new topic yet. */
  private static boolean areLed(Map<TopicPartition, OffsetSpec> ends, Admin admin) {
    try {
      KafkaAnswer.of(admin.listOffsets(ends).all(), "cannot look up the leaders of created topics");
      return true;
    } catch (KafkaException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw e;
    }
  }

  private static Map<String, String> kept(Duration time) {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_DELETE,
        TopicConfig.RETENTION_MS_CONFIG,
        Long.toString(time.toMillis()));
  }

  @SafeVarargs
  private <V extends SpecificRecord> Topic<V> topic(
      String name, Class<V> type, int partitions, Map<String, String>... kept) {
    Map<String, String> config = new HashMap<>();
    config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(settings.maxRecordBytes()));
    for (Map<String, String> part : kept) {
      config.putAll(part);
    }
    Topic<V> topic =
        new Topic<>(settings.prefix() + name, new AvroSerde<>(registry, type), partitions, config);
    all.add(topic);
    return topic;
  }
}
