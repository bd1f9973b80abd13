package org.pneumostream.trainer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;

/**
 * Counts the scans that were labeled, or labeled again, after the model's last run, whichever
 * process made that run: model-events say up to which offset it used the labels. Counts keys, since
 * offsets also count transaction markers and scans labeled twice. For one thread, but for {@link
 * #wakeUp}.
 */
final class NewLabels implements AutoCloseable {
  /** Place of a label. */
  private record Place(int partition, long offset) {}

  private final Consumer<String, byte[]> consumer;
  private final String topic;
  private final Topic<ModelEvent> events;
  private final String model;
  private final Erasures erasures;
  private final Map<String, Place> unused = new HashMap<>();
  private Optional<PastRun> lastRun = Optional.empty();

  /** Receives each tombstone of labels. */
  interface Erasures {
    void erased(ConsumerRecord<String, byte[]> tombstone);
  }

  /**
   * Reads the model's events, and counts from its last run on.
   *
   * @param consumer a read-committed consumer without assigned topics; closed with this object
   */
  NewLabels(Consumer<String, byte[]> consumer, Topics topics, String model, Erasures erasures) {
    this.consumer = consumer;
    this.topic = topics.labels().name();
    this.events = topics.modelEvents();
    this.model = model;
    this.erasures = erasures;
    CommittedRecords past = CommittedRecords.upToNow(consumer, events.name());
    past.forEach(this::takeEvent);
    follow(past.endOffsets());
  }

  private void follow(Map<Integer, Long> eventsFrom) {
    List<TopicPartition> labels = CommittedRecords.partitions(consumer, List.of(topic));
    List<TopicPartition> all = new ArrayList<>(labels);
    eventsFrom.keySet().forEach(number -> all.add(new TopicPartition(events.name(), number)));
    consumer.assign(all);
    consumer.seekToBeginning(labels);
    Map<Integer, Long> used = lastRun.map(PastRun::labels).orElse(Map.of());
    for (TopicPartition partition : labels) {
      Long end = used.get(partition.partition());
      if (end != null) {
        consumer.seek(partition, end);
      }
    }
    eventsFrom.forEach(
        (number, end) -> consumer.seek(new TopicPartition(events.name(), number), end));
  }

  /** The count, after waiting at most this long for records. */
  int count(Duration atMost) {
    consumer.poll(atMost).forEach(this::take);
    return unused.size();
  }

  /** The count after reading all records committed up to now. */
  int countUpToNow() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      count(Duration.ofMillis(200));
    }
    return unused.size();
  }

  /** When the model's last run ended; empty if there was none. */
  Optional<Instant> lastRun() {
    return lastRun.map(PastRun::at);
  }

  /** Ends a wait in another thread with {@link org.apache.kafka.common.errors.WakeupException}. */
  void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.topic().equals(events.name())) {
      takeEvent(record);
    } else if (record.value() == null) {
      unused.remove(record.key());
      erasures.erased(record);
    } else if (!isUsed(new Place(record.partition(), record.offset()))) {
      unused.put(record.key(), new Place(record.partition(), record.offset()));
    }
  }

  private void takeEvent(ConsumerRecord<String, byte[]> record) {
    if (!model.equals(record.key())) {
      return;
    }
    Optional<PastRun> run;
    try {
      run = Optional.ofNullable(record.value()).map(events::value).flatMap(PastRun::of);
    } catch (SerializationException e) {
      return; // Whoever reads the event for its own sake says so.
    }
    if (run.isPresent()) {
      lastRun = run;
      unused.values().removeIf(this::isUsed);
    }
  }

  private boolean isUsed(Place label) {
    return lastRun
        .map(run -> run.labels().getOrDefault(label.partition(), 0L) > label.offset())
        .orElse(false);
  }
}
