package org.pneumostream.jnifti;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Converts header bytes to field values and back, by the table in {@link HeaderField}. */
final class HeaderCodec {
  /** Ends the magic of NIfTI-2, as in PNG: a copy that converts line ends damages these bytes. */
  private static final byte[] EOL_CHECK = {'\r', '\n', 0x1a, '\n'};

  private static final int EOL_CHECK_OFFSET = 8;

  private HeaderCodec() {}

  /**
   * @param header at least {@link Format#headerBytes()} bytes, with their byte order set
   */
  static FieldValues decode(ByteBuffer header, Format format) {
    FieldValues values = new FieldValues();
    for (HeaderField field : HeaderField.values()) {
      HeaderField.Place place = field.in(format);
      if (field.isText()) {
        values.put(field, text(header, place));
      } else {
        double[] numbers = new double[place.count()];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = number(header, place, i);
        }
        values.put(field, numbers);
      }
    }
    return values;
  }

  private static double number(ByteBuffer header, HeaderField.Place place, int index) {
    int offset = place.offset();
    return switch (place.type()) {
      case UINT8 -> header.get(offset + index) & 0xff;
      case INT16 -> header.getShort(offset + 2 * index);
      case INT32 -> header.getInt(offset + 4 * index);
      case INT64 -> header.getLong(offset + 8 * index);
      case FLOAT32 -> header.getFloat(offset + 4 * index);
      case FLOAT64 -> header.getDouble(offset + 8 * index);
      case CHAR -> throw new AssertionError(place);
    };
  }

  /** Decodes valid UTF-8 as such, and anything else as Latin-1; up to the first NUL. */
  private static String text(ByteBuffer header, HeaderField.Place place) {
    byte[] bytes = new byte[place.count()];
    header.get(place.offset(), bytes);
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    try {
      CharBuffer text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
      return text.toString();
    } catch (CharacterCodingException notUtf8) {
      return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * @param target zeros, with the byte order to write
   * @throws IllegalArgumentException if a value does not fit the format's field
   */
  static void encode(FieldValues values, Format format, ByteBuffer target) {
    for (HeaderField field : HeaderField.values()) {
      HeaderField.Place place = field.in(format);
      if (field.isText()) {
        target.put(place.offset(), encodedText(field, values.text(field), place.count()));
      } else {
        for (int i = 0; i < place.count(); i++) {
          putNumber(field, values.number(field, i), i, place, target);
        }
      }
    }
    if (format.isNifti2()) {
      target.put(EOL_CHECK_OFFSET, EOL_CHECK);
    }
  }

  /** Whether these bytes are intact, or zeros, as some programs leave them. */
  static boolean isEolCheckIntact(byte[] header) {
    byte[] found =
        Arrays.copyOfRange(header, EOL_CHECK_OFFSET, EOL_CHECK_OFFSET + EOL_CHECK.length);
    return Arrays.equals(found, EOL_CHECK) || Arrays.equals(found, new byte[EOL_CHECK.length]);
  }

  /**
   * @throws IllegalArgumentException if it is longer than the field
   */
  static byte[] encodedText(HeaderField field, String text, int longest) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > longest) {
      throw new IllegalArgumentException(
          field + " is '" + text + "', expected at most " + longest + " bytes of UTF-8");
    }
    return bytes;
  }

  private static void putNumber(
      HeaderField field, double value, int index, HeaderField.Place place, ByteBuffer target) {
    int offset = place.offset();
    switch (place.type()) {
      case UINT8 -> target.put(offset + index, (byte) whole(field, value, 0, 255));
      case INT16 ->
          target.putShort(
              offset + 2 * index, (short) whole(field, value, Short.MIN_VALUE, Short.MAX_VALUE));
      case INT32 ->
          target.putInt(
              offset + 4 * index, (int) whole(field, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case INT64 ->
          target.putLong(offset + 8 * index, whole(field, value, Long.MIN_VALUE, Long.MAX_VALUE));
      case FLOAT32 -> target.putFloat(offset + 4 * index, (float) value);
      case FLOAT64 -> target.putDouble(offset + 8 * index, value);
      case CHAR -> throw new AssertionError(place);
    }
  }

  private static long whole(HeaderField field, double value, long least, long most) {
    if (value != Math.rint(value) || value < least || value > most) {
      throw new IllegalArgumentException(
          field + " is " + value + ", expected a whole number from " + least + " to " + most);
    }
    return (long) value;
  }
}
