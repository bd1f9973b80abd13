package org.pneumostream.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.RetryOf;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;

/**
 * Puts failed records back on their topics: the same bytes under the same key in the same
 * partition, with the number of the letter's last attempt in the header {@link RetryOf#HEADER}.
 * Only one process at a time retries: a new process fences the previous one, then reads which
 * letters are waiting.
 */
public final class DeadLetterRetry implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Topics topics;
  private final KafkaConnection kafka;
  private final Consumer<UnreadableRecord> unreadable;
  private final TopicPartition deadLetters;
  private final KafkaConsumer<String, byte[]> consumer;

  /** Also reads uncommitted records. */
  private final KafkaConsumer<String, byte[]> erasures;

  private final KafkaProducer<String, byte[]> producer;

  /** Places of retried records, by the numbers of their attempts. */
  private final Map<Long, RecordMetadata> retried = new HashMap<>();

  private List<TrackedDeadLetter> known = List.of();
  private final Set<String> erased = new HashSet<>();

  /** Offset up to which tombstones are known. */
  private long seen;

  /**
   * @param unreadable receives records that cannot be read, and so cannot be retried
   */
  public DeadLetterRetry(KafkaConnection kafka, Consumer<UnreadableRecord> unreadable) {
    this.kafka = kafka;
    this.unreadable = unreadable;
    topics = kafka.topics();
    // The topic has one partition, so its offsets can be numbers of letters.
    deadLetters = new TopicPartition(topics.deadLetters().name(), 0);
    consumer = kafka.consumer(Map.of());
    consumer.assign(List.of(deadLetters));
    erasures = kafka.consumer(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted"));
    erasures.assign(List.of(deadLetters));
    producer =
        kafka.producer(
            Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.deadLetters().name() + ".retry"));
    try {
      producer.initTransactions();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Every dead letter, by number, including what other processes have retried. */
  public List<TrackedDeadLetter> deadLetters() {
    // Tombstones are read from here on.
    seen = CommittedRecords.end(consumer, deadLetters);
    known = new TopicAudit(kafka, unreadable).deadLetters();
    return known;
  }

  /**
   * Retries the record of a letter's last attempt.
   *
   * @param letter one of {@link #deadLetters}
   * @return the record's new place, once all in-sync replicas have it
   * @throws IllegalStateException if the letter is not waiting, has no content, or its scan was
   *     erased meanwhile
   * @throws NoSuchElementException if dead-letters no longer holds it
   * @throws ProducerFencedException if another process has begun to retry
   */
  public RecordMetadata retry(TrackedDeadLetter letter)
      throws ExecutionException, InterruptedException {
    require(letter, letter.isWaiting(), waitsNoMore(letter.state()));
    Attempt last = letter.last();
    require(letter, last.hasContent(), "it has no content to retry");
    String topic = last.letter().getTopic();
    require(letter, isRead(topic), "no stage reads topic '" + topic + "'");
    if (retried.containsKey(last.number())) {
      return retried.get(last.number());
    }
    Set<Long> served = servedWith(last);
    ProducerRecord<String, byte[]> again = again(last, topic);
    RetryOf.letters(served).write(again.headers());
    String model = last.letter().getModel();
    if (model != null) {
      // The other models have already scored it.
      again.headers().add(RetryOf.ONLY_FOR_MODEL, model.getBytes(StandardCharsets.UTF_8));
    }
    require(letter, !isErased(last.key()), waitsNoMore(TrackedDeadLetter.State.ERASED));
    RecordMetadata written = write(letter, again);
    served.forEach(number -> retried.put(number, written));
    return written;
  }

  @Override
  public void close() {
    consumer.close();
    erasures.close();
    producer.close();
  }

  /** Two stages may have failed on one record, which must be put back only once. */
  private Set<Long> servedWith(Attempt attempt) {
    return known.stream()
        .map(TrackedDeadLetter::last)
        .filter(other -> other.isServedBy(attempt))
        .map(Attempt::number)
        .collect(Collectors.toSet());
  }

  private RecordMetadata write(TrackedDeadLetter letter, ProducerRecord<String, byte[]> record)
      throws ExecutionException, InterruptedException {
    producer.beginTransaction();
    Future<RecordMetadata> written = producer.send(record);
    // The record is on its topic now. An erasure writes its tombstone there after the one on
    // dead-letters: either we see that one now, or the other one follows the record.
    producer.flush();
    if (isErased(record.key())) {
      producer.abortTransaction();
      require(letter, false, waitsNoMore(TrackedDeadLetter.State.ERASED));
    }
    // Fails if the send has failed.
    producer.commitTransaction();
    return written.get();
  }

  /** Whether the scan was erased since the letters were read, or an erasure is in progress. */
  private boolean isErased(String key) {
    erasures.seek(deadLetters, seen);
    long end = CommittedRecords.end(erasures, deadLetters);
    while (erasures.position(deadLetters) < end) {
      for (ConsumerRecord<String, byte[]> record : erasures.poll(POLL)) {
        if (record.value() == null) {
          erased.add(record.key());
        }
      }
    }
    seen = end;
    return erased.contains(key);
  }

  private boolean isRead(String topic) {
    return Stream.of(topics.scans(), topics.volumes(), topics.labels())
        .map(Topic::name)
        .anyMatch(topic::equals);
  }

  /** The failed record again; a volume keeps the header with its scan's place. */
  private ProducerRecord<String, byte[]> again(Attempt attempt, String topic) {
    ConsumerRecord<String, byte[]> letter = record(attempt);
    ByteBuffer content =
        Objects.requireNonNull(topics.deadLetters().value(letter.value()).getContent());
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    ProducerRecord<String, byte[]> again =
        new ProducerRecord<>(topic, attempt.place().partition(), attempt.key(), bytes);
    if (topic.equals(topics.volumes().name())) {
      RecordPlace.read(RecordPlace.SCAN, letter.headers())
          .ifPresent(scan -> scan.write(RecordPlace.SCAN, again.headers()));
    }
    return again;
  }

  private ConsumerRecord<String, byte[]> record(Attempt attempt) {
    consumer.seek(deadLetters, attempt.number());
    long end = CommittedRecords.end(consumer, deadLetters);
    while (consumer.position(deadLetters) < end) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        // Skips a record that has expired meanwhile.
        if (record.offset() == attempt.number()) {
          return record;
        }
      }
    }
    throw new NoSuchElementException("dead letter " + attempt.number() + " has expired meanwhile");
  }

  private static String waitsNoMore(TrackedDeadLetter.State state) {
    return switch (state) {
      case WAITING -> "it is waiting";
      case UNDERWAY -> "a later record of its key is in flight";
      case SETTLED -> "it is settled: a later record of its key succeeded";
      case ERASED -> "the scan was erased";
    };
  }

  private static void require(TrackedDeadLetter letter, boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException("dead letter " + letter.number() + ": " + otherwise);
    }
  }
}
