package org.pneumostream.terminal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.pneumostream.schemas.VolumeShape;

/** Records as readable text: one field per line, nested fields indented. */
public final class AvroText {
  private static final int LABEL_WIDTH = 22;

  /** Fits an indented line on a terminal of 80 columns. */
  private static final int LINE_WIDTH = 54;

  private AvroText() {}

  public static List<String> lines(SpecificRecord record) {
    List<String> lines = new ArrayList<>();
    add(lines, "", fields(record));
    return lines;
  }

  private static void add(List<String> lines, String indent, Map<String, Object> fields) {
    int longest = fields.keySet().stream().mapToInt(String::length).max().orElse(0);
    int width = Math.max(LABEL_WIDTH, indent.length() + longest);
    fields.forEach(
        (name, value) -> {
          String label = indent + name;
          Map<String, Object> within = within(value);
          String text = within.isEmpty() ? text(value) : oneLine(within);
          if (within.isEmpty() || isShort(text, within)) {
            lines.add(("%-" + width + "s %s").formatted(label, text));
          } else {
            lines.add(label);
            add(lines, indent + "  ", within);
          }
        });
  }

  /** The fields, in the schema's order. */
  private static Map<String, Object> fields(SpecificRecord record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Schema.Field field : record.getSchema().getFields()) {
      fields.put(words(field.name()), record.get(field.pos()));
    }
    return fields;
  }

  /** The parts of a nested value; empty for a plain one. */
  private static Map<String, Object> within(Object value) {
    if (value instanceof SpecificRecord record && !(value instanceof VolumeShape)) {
      return fields(record);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((key, of) -> sorted.put(key.toString(), of));
      return sorted;
    }
    if (value instanceof List<?> list) {
      Map<String, Object> numbered = new LinkedHashMap<>();
      list.forEach(item -> numbered.put(Integer.toString(numbered.size() + 1), item));
      return numbered;
    }
    return Map.of();
  }

  private static String oneLine(Map<String, Object> fields) {
    return fields.entrySet().stream()
        .map(field -> field.getKey() + " " + text(field.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static boolean isShort(String text, Map<String, Object> within) {
    return text.length() <= LINE_WIDTH
        && within.values().stream().allMatch(value -> within(value).isEmpty());
  }

  private static String text(Object value) {
    if (value == null || value instanceof Map<?, ?> || value instanceof List<?>) {
      return "none";
    }
    if (value instanceof VolumeShape shape) {
      return shape.getWidth() + "×" + shape.getHeight() + "×" + shape.getDepth();
    }
    if (value instanceof ByteBuffer bytes) {
      return bytes.remaining() + " bytes";
    }
    if (value instanceof Double number) {
      return Double.isFinite(number) ? String.format(Locale.ROOT, "%.4f", number) : "none";
    }
    return value.toString();
  }

  /** Converts {@code inputShape} to {@code input shape}. */
  private static String words(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
  }
}
