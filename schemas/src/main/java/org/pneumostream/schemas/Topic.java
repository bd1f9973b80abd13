package org.pneumostream.schemas;

import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * A topic: its name, its values' serde and its settings. Keys are UTF-8 strings.
 *
 * @param name full name, prefix included
 * @param values serde of the values
 * @param partitions number of partitions at creation
 * @param settings Kafka's topic settings at creation
 */
public record Topic<V extends SpecificRecord>(
    String name, AvroSerde<V> values, int partitions, Map<String, String> settings) {

  public Topic {
    settings = Map.copyOf(settings);
  }

  public Serde<String> keys() {
    return Serdes.String();
  }

  /** Serializes a record, for producers that write several topics in one transaction. */
  public ProducerRecord<String, byte[]> record(String key, V value) {
    return new ProducerRecord<>(name, key, values.serializer().serialize(name, value));
  }

  /**
   * Deserializes a value.
   *
   * @param bytes not those of a tombstone, which has none
   * @throws org.apache.kafka.common.errors.SerializationException if the bytes are not a value of
   *     this topic
   * @throws RegistryAwayException if the registry does not answer
   */
  public V value(byte[] bytes) {
    return values.read(name, bytes);
  }
}
