package org.pneumostream.jnifti;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.pneumostream.jdata.BoundedInput;
import org.pneumostream.jdata.InvalidDataException;

/** Reads NIfTI-1 and NIfTI-2 headers with their extensions. */
final class NiftiFormat {
  private NiftiFormat() {}

  /** A header's version and byte order, both detected from its first four bytes. */
  record Signature(boolean nifti1, ByteOrder order) {
    /** Empty if this is not NIfTI. */
    static Optional<Signature> of(byte[] start) {
      for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
        int size = ByteBuffer.wrap(start).order(order).getInt();
        if (size == Format.NIFTI1.headerBytes() || size == Format.NIFTI2.headerBytes()) {
          return Optional.of(new Signature(size == Format.NIFTI1.headerBytes(), order));
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Reads header and extensions. The input then stands at the first voxel, or, for a pair, at the
   * header file's end.
   */
  static NiftiHeader readHeader(Signature signature, BoundedInput in, ReadLimits limits)
      throws IOException {
    int size = (signature.nifti1() ? Format.NIFTI1 : Format.NIFTI2).headerBytes();
    byte[] bytes = in.readFully(size, "header");
    ByteBuffer header = ByteBuffer.wrap(bytes).order(signature.order());
    Format format = format(signature, header);
    FieldValues values = HeaderCodec.decode(header, format);
    // Dimensions, type and limits first: their errors say more than a damaged extension.
    NiftiHeader.checked(format, signature.order(), values, List.of(), limits);
    List<Extension> extensions =
        format.isPair()
            ? extensionsToEnd(in, signature.order())
            : extensionsToVoxels(in, voxelOffset(format, values, limits), signature.order());
    return NiftiHeader.checked(format, signature.order(), values, extensions, limits);
  }

  private static Format format(Signature signature, ByteBuffer header) throws InvalidDataException {
    Format single = signature.nifti1() ? Format.NIFTI1 : Format.NIFTI2;
    Format pair = signature.nifti1() ? Format.NIFTI1_PAIR : Format.NIFTI2_PAIR;
    String magic = HeaderCodec.decode(header, single).text(HeaderField.MAGIC);
    if (!magic.equals(single.magic()) && !magic.equals(pair.magic())) {
      throw new InvalidDataException(
          "magic", "'" + magic + "'", single.magic() + " or " + pair.magic());
    }
    if (single.isNifti2() && !HeaderCodec.isEolCheckIntact(header.array())) {
      throw new InvalidDataException(
          "magic[4..7]", "damaged", "0d 0a 1a 0a (was the file copied as text?)");
    }
    return magic.equals(single.magic()) ? single : pair;
  }

  /** In a one-file format 0 means directly after the header, as other programs take it. */
  static long voxelOffset(Format format, FieldValues values, ReadLimits limits)
      throws InvalidDataException {
    double offset = values.number(HeaderField.VOX_OFFSET);
    long least = ExtensionCodec.voxelOffset(format, List.of());
    if (offset == 0) {
      return least;
    }
    long most = Math.min(limits.maxUncompressedBytes(), least + ExtensionCodec.MOST_BYTES);
    if (offset != Math.rint(offset) || offset < least || offset > most) {
      throw new InvalidDataException("vox_offset", offset, "from " + least + " to " + most);
    }
    return (long) offset;
  }

  private static List<Extension> extensionsToVoxels(
      BoundedInput in, long voxelOffset, ByteOrder order) throws IOException {
    byte[] extender = in.readFully(ExtensionCodec.EXTENDER_BYTES, "extension");
    long length = voxelOffset - in.position();
    if (extender[0] == 0) {
      in.skipFully(length, "bytes up to vox_offset");
      return List.of();
    }
    return ExtensionCodec.decode(in.readFully(length, "extensions"), order);
  }

  private static List<Extension> extensionsToEnd(BoundedInput in, ByteOrder order)
      throws IOException {
    byte[] extender = in.readNBytes(ExtensionCodec.EXTENDER_BYTES);
    boolean some = extender.length == ExtensionCodec.EXTENDER_BYTES && extender[0] != 0;
    byte[] bytes = some ? in.readNBytes(ExtensionCodec.MOST_BYTES) : new byte[0];
    in.drain("the header");
    return ExtensionCodec.decode(bytes, order);
  }
}
