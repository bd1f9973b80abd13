package org.pneumostream.ledger;

import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.pneumostream.schemas.Topic;

/**
 * A record whose value is not of its topic's type.
 *
 * @param topic full name
 * @param reason what is wrong with the value
 */
public record UnreadableRecord(String topic, int partition, long offset, String reason) {
  /**
   * Deserializes a record's value; empty if it cannot be read.
   *
   * @param record with a value
   * @param unreadable receives the record if it cannot be read
   * @throws org.pneumostream.schemas.RegistryAwayException if the registry does not answer
   */
  public static <V extends SpecificRecord> Optional<V> value(
      Topic<V> topic,
      ConsumerRecord<String, byte[]> record,
      Consumer<UnreadableRecord> unreadable) {
    try {
      return Optional.of(topic.value(record.value()));
    } catch (SerializationException e) {
      unreadable.accept(
          new UnreadableRecord(
              record.topic(), record.partition(), record.offset(), e.getMessage()));
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "unreadable record at %s, partition %d, offset %d: %s"
        .formatted(topic, partition, offset, reason);
  }
}
