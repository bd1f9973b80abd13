package org.pneumostream.preprocess;

import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.pneumostream.schemas.Topic;

/**
 * A value of a topic, or its bytes if they cannot be read, so that a processor sees both. The table
 * of labels is restored from its topic byte by byte, so it may hold malformed labels. A malformed
 * label must fail once, and not each later record of its key.
 *
 * @param bytes bytes of the record
 * @param value null if they cannot be read
 * @param failure why they cannot be read, or null
 */
record ValueOrBytes<V extends SpecificRecord>(
    byte[] bytes, @Nullable V value, @Nullable SerializationException failure) {

  /**
   * Returns the value.
   *
   * @throws SerializationException if the bytes cannot be read
   */
  V require() {
    if (value == null) {
      throw Objects.requireNonNull(failure);
    }
    return value;
  }

  boolean isReadable() {
    return failure == null;
  }

  static <V extends SpecificRecord> Serde<ValueOrBytes<V>> serde(Topic<V> topic) {
    return new Serde<>() {
      @Override
      public Serializer<ValueOrBytes<V>> serializer() {
        return (name, given) -> given == null ? null : given.bytes();
      }

      @Override
      public Deserializer<ValueOrBytes<V>> deserializer() {
        return (name, bytes) -> bytes == null ? null : read(topic, bytes);
      }
    };
  }

  private static <V extends SpecificRecord> ValueOrBytes<V> read(Topic<V> topic, byte[] bytes) {
    try {
      return new ValueOrBytes<>(bytes, topic.value(bytes), null);
    } catch (SerializationException e) {
      return new ValueOrBytes<>(bytes, null, e);
    }
  }
}
