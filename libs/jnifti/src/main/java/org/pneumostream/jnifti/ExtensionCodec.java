package org.pneumostream.jnifti;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pneumostream.jdata.InvalidDataException;

/**
 * The bytes between header and voxels: four bytes, the first of which says whether extensions
 * follow, then each extension as {@code esize}, {@code ecode} and content.
 */
final class ExtensionCodec {
  static final int EXTENDER_BYTES = 4;

  /** More than any program writes; bounds the memory that a hostile offset can take. */
  static final int MOST_BYTES = 16 << 20;

  private static final int PREFIX_BYTES = 8;
  private static final int ALIGNMENT = 16;

  private ExtensionCodec() {}

  /**
   * @param bytes from behind the four extender bytes to the voxels or the header file's end
   */
  static List<Extension> decode(byte[] bytes, ByteOrder order) throws InvalidDataException {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(order);
    List<Extension> extensions = new ArrayList<>();
    while (in.remaining() >= PREFIX_BYTES) {
      int size = in.getInt(in.position());
      if (size == 0) {
        break; // filled up with zeros to the voxels
      }
      if (size < ALIGNMENT || size % ALIGNMENT != 0 || size > in.remaining()) {
        throw new InvalidDataException(
            "esize", size, "a multiple of 16, at most the " + in.remaining() + " bytes there");
      }
      int code = in.getInt(in.position() + 4);
      byte[] data = Arrays.copyOfRange(bytes, in.position() + PREFIX_BYTES, in.position() + size);
      extensions.add(new Extension(code, data));
      in.position(in.position() + size);
    }
    return extensions;
  }

  /** The offset of the first voxel after the header and these extensions; 0 in a separate file. */
  static long voxelOffset(Format format, List<Extension> extensions) {
    if (format.isPair()) {
      return 0;
    }
    long size = format.headerBytes() + EXTENDER_BYTES;
    for (Extension extension : extensions) {
      size += paddedSize(extension);
    }
    return size;
  }

  static void encode(List<Extension> extensions, ByteOrder order, OutputStream out)
      throws IOException {
    out.write(new byte[] {(byte) (extensions.isEmpty() ? 0 : 1), 0, 0, 0});
    for (Extension extension : extensions) {
      ByteBuffer bytes = ByteBuffer.allocate(paddedSize(extension)).order(order);
      bytes.putInt(bytes.capacity()).putInt(extension.code()).put(extension.data());
      out.write(bytes.array());
    }
  }

  private static int paddedSize(Extension extension) {
    int size = PREFIX_BYTES + extension.data().length;
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
