package org.pneumostream.jnifti;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pneumostream.jdata.InvalidDataException;
import org.pneumostream.jdata.JDataNumbers;

/** JNIfTI's {@code NIFTIExtension}: NIfTI's header extensions as a list of typed byte streams. */
final class JniftiExtensions {
  /** The two types that the specification names, with NIfTI's codes. */
  private static final Map<String, Integer> CODES = Map.of("dicom", 2, "afni", 4);

  private JniftiExtensions() {}

  /**
   * @param tree value of {@code NIFTIExtension}; entries that are not byte streams are skipped,
   *     such as the four extender bytes that some writers leave there
   */
  static List<Extension> of(@Nullable Object tree) throws InvalidDataException {
    List<Extension> extensions = new ArrayList<>();
    if (tree instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> map && map.containsKey("_ByteStream_")) {
          extensions.add(new Extension(code(map.get("Type")), bytes(map.get("_ByteStream_"))));
        }
      }
    }
    return extensions;
  }

  private static int code(@Nullable Object type) {
    if (type instanceof Double number) {
      return number.intValue();
    }
    return CODES.getOrDefault(String.valueOf(type).toLowerCase(Locale.ROOT), 0);
  }

  /** Reads base64 text, or an array of bytes in the binary form. */
  private static byte[] bytes(@Nullable Object stream) throws InvalidDataException {
    if (stream instanceof String text) {
      try {
        return Base64.getMimeDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        throw new InvalidDataException("_ByteStream_", text, "base64", e);
      }
    }
    double[] numbers = JDataNumbers.all("_ByteStream_", stream);
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) numbers[i];
    }
    return bytes;
  }
}
