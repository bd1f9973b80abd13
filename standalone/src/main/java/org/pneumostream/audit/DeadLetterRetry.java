package org.pneumostream.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;

/**
 * Puts what failed back where it was read from: the same bytes under the same key in the same
 * partition, with the letter's number in the header {@link #HEADER}.
 */
public final class DeadLetterRetry implements AutoCloseable {
  /** Header of a record that is tried again: the number of its dead letter, in decimal. */
  public static final String HEADER = "retry-of";

  /** Where a record lies. */
  private record Place(String topic, int partition, long offset) {}

  private static final Duration POLL = Duration.ofMillis(200);

  private final Topics topics;
  private final TopicPartition deadLetters;
  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaProducer<String, byte[]> producer;
  private final Map<Place, RecordMetadata> retried = new HashMap<>();

  public DeadLetterRetry(KafkaConnection kafka) {
    topics = kafka.topics();
    // The topic has one partition: an offset there is a letter's number.
    deadLetters = new TopicPartition(topics.deadLetters().name(), 0);
    consumer = kafka.consumer(Map.of());
    consumer.assign(List.of(deadLetters));
    producer = kafka.producer(Map.of());
  }

  /**
   * Tries the record of a letter's last attempt again.
   *
   * @return where it lies now, once all in-sync replicas have it
   * @throws IllegalStateException if the letter does not wait, or has no content
   * @throws NoSuchElementException if dead-letters no longer holds it
   */
  public RecordMetadata retry(Letter letter) throws ExecutionException, InterruptedException {
    require(letter, letter.state() == Letter.State.WAITING, waitsNoMore(letter.state()));
    Attempt last = letter.last();
    require(letter, last.hasContent(), "it has no content to try again");
    String topic = last.letter().getTopic();
    require(letter, isRead(topic), "topic '" + topic + "' is not one that a stage here reads");
    // Two stages may have failed on one record, and it must not come back twice.
    Place place = new Place(topic, last.letter().getPartition(), last.letter().getOffset());
    RecordMetadata known = retried.get(place);
    if (known != null) {
      return known;
    }
    ProducerRecord<String, byte[]> again =
        new ProducerRecord<>(topic, place.partition(), last.key(), content(last));
    again.headers().add(HEADER, Long.toString(letter.number()).getBytes(StandardCharsets.US_ASCII));
    RecordMetadata written = producer.send(again).get();
    retried.put(place, written);
    return written;
  }

  @Override
  public void close() {
    consumer.close();
    producer.close();
  }

  private boolean isRead(String topic) {
    return Stream.of(topics.scans(), topics.volumes(), topics.labels())
        .map(Topic::name)
        .anyMatch(topic::equals);
  }

  private byte[] content(Attempt attempt) {
    consumer.seek(deadLetters, attempt.number());
    long end = consumer.endOffsets(List.of(deadLetters)).get(deadLetters);
    while (consumer.position(deadLetters) < end) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        // One that has expired meanwhile is passed over.
        if (record.offset() == attempt.number()) {
          ByteBuffer content = topics.deadLetters().value(record.value()).getContent();
          byte[] bytes = new byte[content.remaining()];
          content.get(bytes);
          return bytes;
        }
      }
    }
    throw new NoSuchElementException("dead letter " + attempt.number() + " has expired meanwhile");
  }

  private static String waitsNoMore(Letter.State state) {
    return switch (state) {
      case WAITING -> "it waits";
      case UNDERWAY -> "a later record of its key is on its way already";
      case SETTLED -> "it is settled: a later record of its key has passed";
      case ERASED -> "the scan was erased";
    };
  }

  private static void require(Letter letter, boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException("dead letter " + letter.number() + ": " + otherwise);
    }
  }
}
