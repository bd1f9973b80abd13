package org.pneumostream.models;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of one model on the models topic, without their weights, and the champion among
 * them. Weights are read again from the topic on demand, so that only one network is in memory. It
 * skips records whose key or content is not a version of the model, and malformed records. For one
 * thread, except for {@link #wakeUp}.
 */
public final class ModelCatalogue implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ModelCatalogue.class);
  private static final String CHAMPION = "champion";

  /** Versions count up from 1; nine digits fit an int. */
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");

  private static final Duration POLL = Duration.ofMillis(200);

  /** A version and the offset of its record. */
  private record Entry(ModelVersion version, long offset) {}

  private final Topic<ModelVersion> topic;
  private final TopicPartition partition;
  private final String model;
  private final Consumer<String, byte[]> consumer;
  private final Map<Integer, Entry> versions = new TreeMap<>();
  private final Set<String> skipped = new HashSet<>();
  private Optional<ModelVersion> champion = Optional.empty();

  public ModelCatalogue(KafkaConnection kafka, String model) {
    this(
        kafka.topics().models(),
        model,
        kafka.consumer(Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 20)));
  }

  /**
   * Creates a catalogue over a read-committed consumer, which is closed with it.
   *
   * @param topic the models topic
   */
  public ModelCatalogue(
      Topic<ModelVersion> topic, String model, Consumer<String, byte[]> consumer) {
    this.topic = topic;
    // The topic has a single partition, which keeps the order of records.
    this.partition = new TopicPartition(topic.name(), 0);
    this.model = model;
    this.consumer = consumer;
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
  }

  /** Key of a version's record. */
  public static String key(String model, String version) {
    return model + "/" + version;
  }

  /** Key of the record that names the champion. */
  public static String championKey(String model) {
    return key(model, CHAMPION);
  }

  /** Reads all records committed up to now. */
  public ModelCatalogue refresh() {
    long end = CommittedRecords.end(consumer, partition);
    while (consumer.position(partition) < end) {
      consumer.poll(POLL).forEach(this::take);
    }
    return this;
  }

  /**
   * Waits for records, and returns as soon as some arrive. These may be old records; only {@link
   * #refresh} guarantees the current state.
   *
   * @return whether records arrived
   */
  public boolean follow(Duration atMost) {
    ConsumerRecords<String, byte[]> records = consumer.poll(atMost);
    records.forEach(this::take);
    return !records.isEmpty();
  }

  /** Ends a wait in another thread with {@link org.apache.kafka.common.errors.WakeupException}. */
  public void wakeUp() {
    consumer.wakeup();
  }

  /** The champion, if there is one. */
  public Optional<ModelVersion> champion() {
    return champion;
  }

  /** All versions, oldest first, without weights. */
  public List<ModelVersion> versions() {
    return versions.values().stream().map(Entry::version).toList();
  }

  /**
   * A version with its weights.
   *
   * @throws NoSuchElementException if it does not exist, or has been removed
   */
  public ModelVersion withWeights(String version) {
    Entry entry =
        versions.values().stream()
            .filter(candidate -> candidate.version().getVersion().equals(version))
            .findFirst()
            .orElseThrow(
                () -> new NoSuchElementException("model " + model + " has no version " + version));
    long resumeAt = consumer.position(partition);
    try {
      consumer.seek(partition, entry.offset());
      // The position moves past a record that compaction has removed, even if no record follows.
      while (consumer.position(partition) <= entry.offset()) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          if (record.offset() == entry.offset()) {
            return topic.value(record.value());
          }
        }
      }
      throw new NoSuchElementException("model " + model + ": version " + version + " was removed");
    } finally {
      consumer.seek(partition, resumeAt);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.key() == null || !record.key().startsWith(model + "/")) {
      return;
    }
    String version = record.key().substring(model.length() + 1);
    try {
      if (version.equals(CHAMPION)) {
        champion = Optional.ofNullable(record.value()).map(topic::value);
      } else if (VERSION.matcher(version).matches()) {
        takeVersion(version, record);
      } else {
        skip(record, "version '" + version + "', expected a number from 1");
      }
    } catch (SerializationException e) {
      skip(record, e.getMessage());
    }
  }

  private void takeVersion(String version, ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      versions.remove(Integer.valueOf(version));
      return;
    }
    ModelVersion value = topic.value(record.value());
    if (value.getVersion().equals(version)) {
      versions.put(Integer.valueOf(version), new Entry(withoutWeights(value), record.offset()));
    } else {
      skip(record, "contains version '" + value.getVersion() + "', expected that of its key");
    }
  }

  /** Logs once per key why its records are skipped. */
  private void skip(ConsumerRecord<String, byte[]> record, String reason) {
    if (skipped.add(record.key())) {
      log.warn(
          "skipped record '{}' of {} at offset {}: {}",
          record.key(),
          partition,
          record.offset(),
          reason);
    }
  }

  private static ModelVersion withoutWeights(ModelVersion version) {
    return ModelVersion.newBuilder(version).setWeights(null).build();
  }
}
