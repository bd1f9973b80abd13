package org.pneumostream.preprocess;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.Topic;

/**
 * What lies under a scan's id on the labels topic: a label, or bytes that are none. The table of
 * labels is restored from the topic byte by byte, so that it holds both; a bad label must fail
 * itself, once, and not whatever has the same key later.
 *
 * @param bytes as they lie on the topic
 * @param label null if they are no label
 * @param failure why they are none, or null
 */
record GivenLabel(byte[] bytes, Label label, SerializationException failure) {

  /**
   * The label.
   *
   * @throws SerializationException if it is none
   */
  Label require() {
    if (failure != null) {
      throw failure;
    }
    return label;
  }

  boolean isReadable() {
    return failure == null;
  }

  static Serde<GivenLabel> serde(Topic<Label> topic) {
    return new Serde<>() {
      @Override
      public Serializer<GivenLabel> serializer() {
        return (name, given) -> given == null ? null : given.bytes();
      }

      @Override
      public Deserializer<GivenLabel> deserializer() {
        return (name, bytes) -> bytes == null ? null : read(topic, bytes);
      }
    };
  }

  private static GivenLabel read(Topic<Label> topic, byte[] bytes) {
    try {
      return new GivenLabel(bytes, topic.value(bytes), null);
    } catch (SerializationException e) {
      return new GivenLabel(bytes, null, e);
    }
  }
}
