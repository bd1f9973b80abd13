package org.pneumostream.jdata;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.InflaterInputStream;
import org.tukaani.xz.LZMAInputStream;

/** The compressions that JData's {@code _ArrayZipType_} can name. */
final class ArrayCompression {
  private static final String FIELD = "_ArrayZipData_";
  private static final String KNOWN = "zlib, gzip, lzma or base64";
  private static final int BUFFER_BYTES = 64 << 10;

  /** LZMA expands by no more than this factor: a run of 273 bytes costs at least 0.3 bits. */
  private static final int LZMA_MOST_GROWTH = 8192;

  private static final int LZMA_LEAST_DICTIONARY = 4096;

  private ArrayCompression() {}

  /**
   * @param array what they decompress to, for the message if that is too much
   * @param type JData's name of the compression; {@code base64} means that text is encoded and not
   *     compressed
   * @param most limit in bytes on the result, and on LZMA's dictionary
   */
  static ByteStore decompress(String array, String type, ByteStore compressed, long most)
      throws IOException {
    ByteStore target = new ByteStore(array, most);
    try (InputStream in = open(type, compressed, most)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      int count = in.read(buffer);
      while (count >= 0) {
        target.write(buffer, 0, count);
        count = in.read(buffer);
      }
    } catch (InvalidDataException e) {
      throw e;
    } catch (IOException e) {
      // The source is memory, so an I/O error means damaged data.
      throw new InvalidDataException(FIELD, "damaged (" + e.getMessage() + ")", type + " data", e);
    }
    return target;
  }

  private static InputStream open(String type, ByteStore compressed, long most) throws IOException {
    return switch (type) {
      case "base64" -> compressed.input();
      case "zlib" -> new InflaterInputStream(compressed.input());
      case "gzip" -> new GzipInput(compressed.input());
      case "lzma" -> openLzma(compressed, most);
      default -> throw new InvalidDataException("_ArrayZipType_", type, KNOWN);
    };
  }

  /**
   * Bounds the dictionary, which is allocated at the size that the header claims, by what the
   * compressed bytes can expand to and by {@code most}.
   */
  private static InputStream openLzma(ByteStore compressed, long most) throws IOException {
    DataInputStream in = new DataInputStream(compressed.input());
    byte properties = in.readByte();
    long dictionary = Integer.reverseBytes(in.readInt()) & 0xffff_ffffL;
    long size = Long.reverseBytes(in.readLong());
    long reachable = LZMA_LEAST_DICTIONARY + compressed.size() * LZMA_MOST_GROWTH;
    long allowed = Math.min(Math.min(reachable, most), LZMAInputStream.DICT_SIZE_MAX);
    if (size < -1) {
      throw new InvalidDataException(
          FIELD, "of " + size + " bytes", "at least 0, or −1 for unknown");
    }
    LZMAInputStream lzma =
        new LZMAInputStream(in, size, properties, (int) Math.min(dictionary, allowed));
    // JData's own tools write an end marker although the header states the size.
    lzma.enableRelaxedEndCondition();
    return lzma;
  }
}
