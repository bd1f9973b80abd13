package org.pneumostream.preprocessing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pneumostream.volume.InputShape;

/**
 * A volume in the file format of {@code numpy.save} and {@code numpy.load}: float32, little-endian,
 * C order, three axes (NumPy enhancement proposal 1, format version 1.0).
 *
 * @param shape of the volume
 * @param values one per voxel, depth fastest, then height
 */
public record NumpyFile(InputShape shape, float[] values) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;
  private static final Pattern DICTIONARY =
      Pattern.compile(
          "\\{'descr': '<f4', 'fortran_order': False, 'shape': \\((\\d+), (\\d+), (\\d+)\\), \\}\\s*");

  /**
   * @throws IllegalArgumentException if the number of values differs from the number of voxels
   */
  public NumpyFile {
    if (values.length != shape.voxels()) {
      throw new IllegalArgumentException(
          "%d values: expected %d for shape %s".formatted(values.length, shape.voxels(), shape));
    }
  }

  /** Creates or replaces the file. */
  public void writeTo(Path file) throws IOException {
    String dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d, %d), }"
            .formatted(shape.width(), shape.height(), shape.depth());
    int unpadded = MAGIC.length + Short.BYTES + dictionary.length() + 1;
    String header = dictionary + " ".repeat(Math.floorMod(-unpadded, ALIGNMENT)) + "\n";
    ByteBuffer prefix =
        ByteBuffer.allocate(MAGIC.length + Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    prefix.put(MAGIC).putShort((short) header.length());
    ByteBuffer body =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    body.asFloatBuffer().put(values);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(prefix.array());
      out.write(header.getBytes(StandardCharsets.US_ASCII));
      out.write(body.array());
    }
  }

  /**
   * Reads a file that {@link #writeTo} or {@code numpy.save} wrote.
   *
   * @throws PreprocessingException if it has another format, or is cut off
   */
  public static NumpyFile read(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      byte[] magic = in.readNBytes(MAGIC.length);
      if (!Arrays.equals(magic, MAGIC)) {
        throw new PreprocessingException("magic", Arrays.toString(magic), "\\x93NUMPY version 1.0");
      }
      byte[] length = Arrays.copyOf(in.readNBytes(Short.BYTES), Short.BYTES);
      String dictionary =
          new String(
              in.readNBytes(Byte.toUnsignedInt(length[0]) | Byte.toUnsignedInt(length[1]) << 8),
              StandardCharsets.US_ASCII);
      InputShape shape = shapeOf(dictionary);
      byte[] body = in.readNBytes(shape.voxels() * Float.BYTES);
      if (body.length < shape.voxels() * Float.BYTES) {
        throw new PreprocessingException(
            "data", body.length + " bytes", shape.voxels() * Float.BYTES + " for " + shape);
      }
      float[] values = new float[shape.voxels()];
      ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return new NumpyFile(shape, values);
    }
  }

  private static InputShape shapeOf(String dictionary) throws PreprocessingException {
    Matcher sides = DICTIONARY.matcher(dictionary);
    if (!sides.matches()) {
      throw new PreprocessingException(
          "header", dictionary.strip(), "float32 little-endian, C order, three axes");
    }
    return InputShape.parse(sides.group(1) + "x" + sides.group(2) + "x" + sides.group(3));
  }
}
