package org.pneumostream.jnifti;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.pneumostream.jdata.InvalidDataException;

/**
 * Writes a scan slice by slice, in the header's format: {@code .nii} as NIfTI-1 or NIfTI-2, or
 * {@code .jnii}. It takes stored values; slope and intercept only go into the header. The same
 * header and voxels always give the same bytes.
 *
 * <pre>{@code
 * NiftiHeader header =
 *     NiftiHeader.builder(Datatype.INT16, 512, 512, 40).spacingMm(0.7, 0.7, 5).build();
 * try (NiftiWriter writer = NiftiWriter.open(Path.of("scan.nii.gz"), header)) {
 *   for (short[] slice : slices) {
 *     writer.writeSlice(slice);
 *   }
 * }
 * }</pre>
 */
public final class NiftiWriter implements Closeable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final NiftiHeader header;
  private final OutputStream out;
  private final int sliceBytes;
  private long slicesLeft;

  /** Allocated with the first values, and not from the header alone. */
  private @Nullable ByteBuffer slice;

  private NiftiWriter(NiftiHeader header, OutputStream out) {
    this.header = header;
    this.out = out;
    this.sliceBytes = Math.toIntExact(header.voxelBytes() / header.sliceCount());
    this.slicesLeft = header.sliceCount();
  }

  /**
   * Creates or replaces the file; gzipped when its name ends in {@code .gz}.
   *
   * @throws IllegalArgumentException if the header's format or datatype cannot be written
   */
  public static NiftiWriter open(Path file, NiftiHeader header) throws IOException {
    requireWritable(header);
    OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES);
    boolean gzip = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    return open(gzip ? new GZIPOutputStream(out, BUFFER_BYTES) : out, header);
  }

  /**
   * Writes to a stream, uncompressed; closing the writer closes it.
   *
   * @throws IllegalArgumentException if the header's format or datatype cannot be written
   */
  public static NiftiWriter open(OutputStream out, NiftiHeader header) throws IOException {
    requireWritable(header);
    if (header.format() == Format.JNII) {
      return new NiftiWriter(header, new JniiOutput(out, header));
    }
    ByteBuffer bytes = ByteBuffer.allocate(header.format().headerBytes()).order(header.byteOrder());
    HeaderCodec.encode(header.values(), header.format(), bytes);
    out.write(bytes.array());
    ExtensionCodec.encode(header.extensions(), header.byteOrder(), out);
    return new NiftiWriter(header, out);
  }

  private static void requireWritable(NiftiHeader header) {
    if (header.format().isPair() || header.format() == Format.BNII) {
      throw new IllegalArgumentException(
          "format is " + header.format() + ", expected NIFTI1, NIFTI2 or JNII");
    }
    if (!header.datatype().isReal()) {
      throw new IllegalArgumentException(
          "datatype is " + header.datatype() + ", expected an integer type, float32 or float64");
    }
  }

  /** Writes a whole 16-bit scan; see {@link #writeSlice(short[])}. */
  public static void write(Path file, NiftiHeader header, short[] voxels) throws IOException {
    try (NiftiWriter writer = open(file, header)) {
      writer.writeAll(voxels);
    }
  }

  /** Writes a whole 16-bit scan to a stream, uncompressed, and closes it. */
  public static void write(OutputStream out, NiftiHeader header, short[] voxels)
      throws IOException {
    try (NiftiWriter writer = open(out, header)) {
      writer.writeAll(voxels);
    }
  }

  private void writeAll(short[] voxels) throws IOException {
    int perSlice = header.width() * header.height();
    requireLength(voxels.length, perSlice * header.sliceCount(), "voxels");
    for (long k = 0; k < header.sliceCount(); k++) {
      writeSlice(ShortBuffer.wrap(voxels, (int) (k * perSlice), perSlice));
    }
  }

  /**
   * Writes the next slice of an {@code int16} or {@code uint16} scan.
   *
   * @param stored width · height stored values, first axis fastest
   */
  public void writeSlice(short[] stored) throws IOException {
    writeSlice(ShortBuffer.wrap(stored));
  }

  private void writeSlice(ShortBuffer stored) throws IOException {
    requireDatatype(header.datatype().bytesPerVoxel() == Short.BYTES, "16-bit");
    requireLength(stored.remaining(), sliceBytes / Short.BYTES, "voxels of a slice");
    slice().asShortBuffer().put(stored);
    writeSlice();
  }

  /**
   * Writes the next slice of a {@code float32} scan.
   *
   * @param stored width · height stored values, first axis fastest
   */
  public void writeSlice(float[] stored) throws IOException {
    requireDatatype(header.datatype() == Datatype.FLOAT32, "float32");
    requireLength(stored.length, sliceBytes / Float.BYTES, "voxels of a slice");
    slice().asFloatBuffer().put(FloatBuffer.wrap(stored));
    writeSlice();
  }

  /**
   * Writes the next slice of another scan, in either byte order. From a NIfTI file it holds only
   * some kilobytes in memory, however large the slices are.
   *
   * @param other scan of the same width, height and datatype; advances by one slice
   * @throws InvalidDataException if the other scan is cut off or damaged
   */
  public void writeSlice(NiftiReader other) throws IOException {
    NiftiHeader from = other.header();
    requireDatatype(header.datatype() == from.datatype(), from.datatype().typeName());
    int voxelBytes = header.datatype().bytesPerVoxel();
    requireLength((long) from.width() * from.height() * voxelBytes, sliceBytes, "bytes of a slice");
    requireSliceLeft();
    boolean reversed = from.byteOrder() != header.byteOrder();
    other.nextSlice(
        (bytes, count) -> {
          if (reversed) {
            reverseEach(bytes, count, voxelBytes);
          }
          out.write(bytes, 0, count);
        });
    slicesLeft--;
  }

  private static void reverseEach(byte[] bytes, int count, int size) {
    for (int start = 0; start < count; start += size) {
      for (int low = start, high = start + size - 1; low < high; low++, high--) {
        byte kept = bytes[low];
        bytes[low] = bytes[high];
        bytes[high] = kept;
      }
    }
  }

  private ByteBuffer slice() {
    if (slice == null) {
      slice = ByteBuffer.allocate(sliceBytes).order(header.byteOrder());
    }
    return slice;
  }

  private void writeSlice() throws IOException {
    requireSliceLeft();
    out.write(slice().array());
    slicesLeft--;
  }

  private void requireSliceLeft() {
    if (slicesLeft == 0) {
      throw new IllegalStateException("all " + header.sliceCount() + " slices have been written");
    }
  }

  private void requireDatatype(boolean fits, String given) {
    if (!fits) {
      throw new IllegalArgumentException(
          given + " voxels, expected " + header.datatype() + " as the header says");
    }
  }

  private static void requireLength(long length, long expected, String what) {
    if (length != expected) {
      throw new IllegalArgumentException(length + " " + what + ", expected " + expected);
    }
  }

  /**
   * Completes and closes the file.
   *
   * @throws IllegalStateException if slices are missing
   */
  @Override
  public void close() throws IOException {
    out.close();
    if (slicesLeft > 0) {
      throw new IllegalStateException(
          slicesLeft + " of " + header.sliceCount() + " slices were not written");
    }
  }
}
