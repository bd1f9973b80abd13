package org.pneumostream.classifier;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The safetensors file format, float32 only: eight bytes of header length (little-endian), the
 * header as JSON (name → dtype, shape, data_offsets; {@code __metadata__} → strings), then the raw
 * little-endian tensors. See the README of github.com/huggingface/safetensors, "Format".
 */
final class Safetensors {

  /** Hugging Face allows 100 MB; this architecture's header takes 3 KB. */
  private static final int MAX_HEADER_BYTES = 1 << 20;

  private static final int LENGTH_BYTES = 8;
  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private Safetensors() {}

  /** A file's string metadata, and one array for each requested tensor. */
  record Content(Map<String, String> metadata, Map<String, float[]> tensors) {}

  /**
   * Writes tensors in the given order and metadata sorted by key, so that equal content gives equal
   * bytes.
   */
  static byte[] write(
      List<TensorSpec> specs, Map<String, float[]> tensors, Map<String, String> metadata) {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode strings = header.putObject(METADATA);
    new TreeMap<>(metadata).forEach(strings::put);
    int end = 0;
    for (TensorSpec spec : specs) {
      ObjectNode entry = header.putObject(spec.name()).put("dtype", "F32");
      spec.shape().forEach(entry.putArray("shape")::add);
      int begin = end;
      end = Math.addExact(begin, Math.multiplyExact(spec.size(), Float.BYTES));
      entry.putArray("data_offsets").add(begin).add(end);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    // Spaces after the JSON align the tensors, so that any reader can map them.
    int padded = (json.length + LENGTH_BYTES - 1) / LENGTH_BYTES * LENGTH_BYTES;
    if (padded > MAX_HEADER_BYTES) {
      throw new ModelException(
          "metadata too long: the header would take " + padded + " of " + MAX_HEADER_BYTES);
    }
    ByteBuffer file =
        ByteBuffer.allocate(LENGTH_BYTES + padded + end).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(padded).put(json);
    while (file.position() < LENGTH_BYTES + padded) {
      file.put((byte) ' ');
    }
    for (TensorSpec spec : specs) {
      for (float value : Objects.requireNonNull(tensors.get(spec.name()), spec.name())) {
        file.putFloat(value);
      }
    }
    return file.array();
  }

  /**
   * Reads exactly the tensors in {@code specs}.
   *
   * @throws ModelException naming the tensor that is missing, unknown, misshapen, not float32 or
   *     not finite, or the file's fault
   */
  static Content read(byte[] file, List<TensorSpec> specs) {
    ObjectNode header = header(file);
    ByteBuffer data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    data.position(LENGTH_BYTES + (int) data.getLong(0));
    data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
    Map<String, String> metadata = metadata(header.remove(METADATA));
    Map<String, float[]> tensors = new LinkedHashMap<>();
    List<int[]> ranges = new ArrayList<>();
    for (TensorSpec spec : specs) {
      JsonNode entry = header.remove(spec.name());
      if (entry == null) {
        throw new ModelException("tensor " + spec.name() + " is missing");
      }
      int[] range = range(spec, entry, data.capacity());
      ranges.add(range);
      tensors.put(spec.name(), values(spec, data, range[0]));
    }
    if (!header.isEmpty()) {
      throw new ModelException(
          "tensor " + header.fieldNames().next() + " does not belong to this network");
    }
    requireCovered(ranges, data.capacity());
    return new Content(metadata, Collections.unmodifiableMap(tensors));
  }

  private static ObjectNode header(byte[] file) {
    if (file.length < LENGTH_BYTES) {
      throw new ModelException(
          "not a safetensors file: " + file.length + " bytes, expected at least " + LENGTH_BYTES);
    }
    long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long limit = Math.min(MAX_HEADER_BYTES, file.length - (long) LENGTH_BYTES);
    if (length < 2 || length > limit) {
      throw new ModelException(
          "not a safetensors file: header length must be 2 to "
              + limit
              + " but is "
              + Long.toUnsignedString(length));
    }
    try {
      String text = new String(file, LENGTH_BYTES, (int) length, StandardCharsets.UTF_8);
      if (JSON.readTree(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new ModelException(
          "not a safetensors file: header is not JSON: " + e.getOriginalMessage(), e);
    }
    throw new ModelException("not a safetensors file: header must be a JSON object");
  }

  private static Map<String, String> metadata(JsonNode node) {
    if (node == null) {
      return Map.of();
    }
    if (!node.isObject()) {
      throw new ModelException(METADATA + " must be an object of strings but is " + node);
    }
    Map<String, String> metadata = new TreeMap<>();
    for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!field.getValue().isTextual()) {
        throw new ModelException(
            METADATA + "." + field.getKey() + " must be a string but is " + field.getValue());
      }
      metadata.put(field.getKey(), field.getValue().textValue());
    }
    return metadata;
  }

  private static int[] range(TensorSpec spec, JsonNode entry, int dataBytes) {
    requireEqual(spec, "dtype", "\"F32\"", entry.path("dtype"));
    requireEqual(spec, "shape", spec.shape().toString().replace(" ", ""), entry.path("shape"));
    JsonNode offsets = entry.path("data_offsets");
    long begin = offsets.path(0).asLong(-1);
    long end = offsets.path(1).asLong(-1);
    if (offsets.size() != 2 || begin < 0 || end > dataBytes || end - begin != 4L * spec.size()) {
      throw new ModelException(
          "tensor %s: data_offsets must span %d of the %d data bytes but is %s"
              .formatted(spec.name(), 4L * spec.size(), dataBytes, offsets));
    }
    return new int[] {(int) begin, (int) end};
  }

  private static void requireEqual(
      TensorSpec spec, String field, String expected, JsonNode actual) {
    if (!actual.toString().equals(expected)) {
      throw new ModelException(
          "tensor %s: %s must be %s but is %s"
              .formatted(
                  spec.name(),
                  field,
                  expected,
                  actual.isMissingNode() ? "missing" : actual.toString()));
    }
  }

  private static float[] values(TensorSpec spec, ByteBuffer data, int begin) {
    float[] values = new float[spec.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.getFloat(begin + i * Float.BYTES);
      if (!Float.isFinite(values[i])) {
        throw new ModelException(
            "tensor " + spec.name() + ": value " + i + " must be finite but is " + values[i]);
      }
    }
    return values;
  }

  /** The format allows neither overlaps nor gaps, in which a file could hide bytes. */
  private static void requireCovered(List<int[]> ranges, int dataBytes) {
    int[][] sorted = ranges.toArray(int[][]::new);
    Arrays.sort(sorted, (a, b) -> Integer.compare(a[0], b[0]));
    int covered = 0;
    for (int[] range : sorted) {
      if (range[0] != covered) {
        break;
      }
      covered = range[1];
    }
    if (covered != dataBytes) {
      throw new ModelException(
          "tensors overlap or leave gaps: they cover %d of %d data bytes in sequence"
              .formatted(covered, dataBytes));
    }
  }
}
