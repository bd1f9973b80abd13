package org.pneumostream.jnifti;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** A header's raw values by field, before any check. */
final class FieldValues {
  private final Map<HeaderField, double[]> numbers = new EnumMap<>(HeaderField.class);
  private final Map<HeaderField, String> texts = new EnumMap<>(HeaderField.class);

  FieldValues() {}

  FieldValues(FieldValues other) {
    numbers.putAll(other.numbers);
    texts.putAll(other.texts);
  }

  void put(HeaderField field, double... values) {
    numbers.put(field, values.clone());
  }

  void put(HeaderField field, String text) {
    texts.put(field, text);
  }

  /** The field's first value, 0 if missing. */
  double number(HeaderField field) {
    return number(field, 0);
  }

  /** One of the field's values, 0 if missing. */
  double number(HeaderField field, int index) {
    double[] values = numbers.get(field);
    return values == null || index >= values.length ? 0 : values[index];
  }

  /** The first {@code count} values; missing ones are 0. */
  double[] numbers(HeaderField field, int count) {
    double[] values = numbers.get(field);
    return values == null ? new double[count] : Arrays.copyOf(values, count);
  }

  String text(HeaderField field) {
    return texts.getOrDefault(field, "");
  }
}
