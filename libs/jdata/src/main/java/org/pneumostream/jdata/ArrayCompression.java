package org.pneumostream.jdata;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.InflaterInputStream;
import org.tukaani.xz.LZMAInputStream;

/** The compressions that JData's {@code _ArrayZipType_} names. */
final class ArrayCompression {
  private static final String FIELD = "_ArrayZipData_";
  private static final String KNOWN = "zlib, gzip, lzma or base64";
  private static final int BUFFER_BYTES = 64 << 10;

  /** No run of LZMA codes stands for more: 273 bytes cost at least 0.3 bits. */
  private static final int LZMA_MOST_GROWTH = 8192;

  private static final int LZMA_LEAST_DICTIONARY = 4096;

  private ArrayCompression() {}

  /**
   * @param array what they decompress to, for the message if that is too much
   * @param type as JData names it; {@code base64} is what text always has on top, nothing else
   * @param most how many bytes it may come to, and how many LZMA may look back on
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
      // The source is memory, so it is the data that is at fault.
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
   * The dictionary is allocated from what the header claims, so the claim is held against what the
   * compressed bytes could come to, and against what they may.
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
    // JData's own tools write an end marker although the header tells the size.
    lzma.enableRelaxedEndCondition();
    return lzma;
  }
}
