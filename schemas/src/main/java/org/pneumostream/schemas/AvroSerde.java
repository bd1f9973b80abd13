package org.pneumostream.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Generated Avro records in the Confluent wire format: a zero byte, the four-byte big-endian id of
 * the writer's schema, the Avro body. It reads what any Avro serializer wrote against the same
 * registry, and any deserializer reads what it writes. A record with an older or newer schema is
 * resolved to the generated class. Thread-safe.
 *
 * @param <T> a class generated from {@code src/main/avro}
 */
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {
  private static final byte MAGIC = 0;
  private static final int HEADER_BYTES = 5;

  private final Registry registry;
  private final Class<T> type;
  private final Schema schema;
  // The subject follows from the topic. A serde may serve several topics, such as changelogs.
  private final Map<String, Integer> idsBySubject = new ConcurrentHashMap<>();

  public AvroSerde(Registry registry, Class<T> type) {
    this.registry = registry;
    this.type = type;
    this.schema = SpecificData.get().getSchema(type);
  }

  /**
   * Registers the schema for a topic. A service calls it at start, so that an incompatible schema
   * stops the start and not the first record.
   *
   * @return the schema's id
   */
  public int register(String topic) {
    return idsBySubject.computeIfAbsent(
        topic + "-value", subject -> registry.register(subject, schema));
  }

  /** The schema of the values written. */
  Schema schema() {
    return schema;
  }

  @Override
  public Serializer<T> serializer() {
    return (topic, value) -> value == null ? null : write(topic, value);
  }

  @Override
  public Deserializer<T> deserializer() {
    return (topic, bytes) -> bytes == null ? null : read(topic, bytes);
  }

  private byte[] write(String topic, T value) {
    int id = register(topic);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    bytes.write(MAGIC);
    bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
    try {
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      new SpecificDatumWriter<T>(schema, SpecificData.getForSchema(schema)).write(value, encoder);
      encoder.flush();
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          topic + ": cannot write " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  /** The value of these bytes, which are no tombstone's. */
  T read(String topic, byte[] bytes) {
    if (bytes.length < HEADER_BYTES || bytes[0] != MAGIC) {
      throw new SerializationException(
          topic
              + ": not the Confluent wire format: "
              + describe(bytes)
              + ", expected a zero byte and a schema id");
    }
    Schema writer = registry.schema(ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt());
    try {
      BoundedDecoder decoder = new BoundedDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
      T value =
          new SpecificDatumReader<T>(writer, schema, SpecificData.getForSchema(schema))
              .read(null, decoder);
      if (!decoder.isEnd()) {
        throw new AvroRuntimeException("unread bytes after the record");
      }
      return value;
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          topic
              + ": not a "
              + type.getSimpleName()
              + " ("
              + bytes.length
              + " bytes): "
              + e.getMessage(),
          e);
    }
  }

  private static String describe(byte[] bytes) {
    return bytes.length == 0
        ? "no bytes"
        : bytes.length + " bytes that start with " + (bytes[0] & 0xff);
  }
}
