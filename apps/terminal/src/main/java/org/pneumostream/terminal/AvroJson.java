package org.pneumostream.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.pneumostream.jdata.Printable;

/** Records as plain JSON: times in ISO 8601, bytes as their count, no Avro union tags. */
public final class AvroJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private AvroJson() {}

  /** One line, with the key as the first field under its own name. */
  public static String line(String keyName, Object key, SpecificRecord value) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put(keyName, key);
    object.putAll(object(value));
    return line(object);
  }

  public static String line(Map<String, ?> object) {
    try {
      return Printable.json(JSON.writeValueAsString(object));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Converts each field. */
  public static Map<String, Object> object(SpecificRecord record) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (Schema.Field field : record.getSchema().getFields()) {
      object.put(field.name(), plain(record.get(field.pos())));
    }
    return object;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof SpecificRecord record) {
      return object(record);
    }
    if (value instanceof ByteBuffer bytes) {
      return bytes.remaining();
    }
    if (value instanceof Collection<?> items) {
      return items.stream().map(AvroJson::plain).toList();
    }
    if (value instanceof Instant || value instanceof Enum<?>) {
      return value.toString();
    }
    if (value instanceof Double number && !Double.isFinite(number)) {
      return null;
    }
    return value;
  }
}
