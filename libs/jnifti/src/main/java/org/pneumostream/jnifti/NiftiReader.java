package org.pneumostream.jnifti;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.pneumostream.jdata.BoundedInput;
import org.pneumostream.jdata.Compression;
import org.pneumostream.jdata.InvalidDataException;

/**
 * Reads a scan slice by slice, with one slice in memory however long the scan is. An open reader
 * has read and checked the header.
 *
 * <pre>{@code
 * try (NiftiReader reader = NiftiReader.open(file, ReadLimits.DEFAULT)) {
 *   while (reader.hasNextSlice()) {
 *     VoxelSlice slice = reader.nextSlice();
 *   }
 * }
 * }</pre>
 *
 * <p>Reads the ten integer and real datatypes; refuses complex and color voxels. Not thread-safe.
 */
public final class NiftiReader implements Closeable {
  private static final int SIGNATURE_BYTES = JniftiSignature.BYTES;

  private final NiftiHeader header;
  private final VoxelSource source;
  private final VoxelSlice slice;
  private long slicesLeft;

  private NiftiReader(NiftiHeader header, VoxelSource source) throws InvalidDataException {
    requireReal(header.datatype());
    this.header = header;
    this.source = source;
    this.slice = new VoxelSlice(header);
    this.slicesLeft = header.sliceCount();
  }

  private static void requireReal(Datatype datatype) throws InvalidDataException {
    if (!datatype.isReal()) {
      throw new InvalidDataException(
          "datatype",
          datatype.code() + " (" + datatype + ")",
          "an integer type, float32 or float64: one number a voxel");
    }
  }

  /**
   * Opens any supported format, gzipped or not; detects it by content and not by name. Either file
   * of a {@code .hdr} and {@code .img} pair may be named; the other must lie beside it, gzipped or
   * not.
   *
   * @throws InvalidDataException if it is not a scan, exceeds the limits, or the other file is
   *     missing
   */
  public static NiftiReader open(Path file, ReadLimits limits) throws IOException {
    return ScanFiles.open(file, limits);
  }

  /**
   * Opens a one-stream format: {@code .nii}, {@code .jnii}, {@code .bnii}, gzipped or not, detected
   * by content. Closing the reader closes the stream; if this method fails, the stream stays open.
   *
   * @throws InvalidDataException if it is not a scan, is only the header of a pair, or exceeds the
   *     limits
   */
  public static NiftiReader open(InputStream in, ReadLimits limits) throws IOException {
    PushbackInputStream start = new PushbackInputStream(Compression.inflate(in), SIGNATURE_BYTES);
    byte[] signatureBytes = peek(start);
    Optional<Format> jnifti = JniftiSignature.of(signatureBytes);
    if (jnifti.isPresent()) {
      JniftiFormat.Scan scan = JniftiFormat.read(jnifti.get(), start, limits);
      return new NiftiReader(scan.header(), scan.voxels());
    }
    NiftiFormat.Signature signature = niftiSignature(signatureBytes);
    BoundedInput bounded = new BoundedInput(start, limits.maxUncompressedBytes());
    NiftiHeader header = NiftiFormat.readHeader(signature, bounded, limits);
    if (header.format().isPair()) {
      throw new InvalidDataException(
          "magic", header.format().magic(), "voxels in the same file; open .hdr and .img together");
    }
    return new NiftiReader(header, new StreamedVoxels(bounded, header));
  }

  /**
   * Opens a pair, either file gzipped or not. Closing the reader closes the image stream. This
   * method reads the header stream to its end and leaves it open.
   *
   * @throws InvalidDataException if the header is not a pair's, or exceeds the limits
   */
  public static NiftiReader openPair(InputStream header, InputStream image, ReadLimits limits)
      throws IOException {
    PushbackInputStream start =
        new PushbackInputStream(Compression.inflate(header), SIGNATURE_BYTES);
    NiftiFormat.Signature signature = niftiSignature(peek(start));
    BoundedInput headerBytes = new BoundedInput(start, limits.maxUncompressedBytes());
    NiftiHeader read = NiftiFormat.readHeader(signature, headerBytes, limits);
    if (!read.format().isPair()) {
      throw new InvalidDataException(
          "magic", read.format().magic(), "ni1 or ni2 in the header of a pair");
    }
    BoundedInput voxels =
        new BoundedInput(Compression.inflate(image), limits.maxUncompressedBytes());
    voxels.skipFully(
        NiftiFormat.voxelOffset(read.format(), read.values(), limits), "image up to vox_offset");
    return new NiftiReader(read, new StreamedVoxels(voxels, read));
  }

  private static byte[] peek(PushbackInputStream in) throws IOException {
    byte[] start = in.readNBytes(SIGNATURE_BYTES);
    in.unread(start);
    if (start.length == 0) {
      throw new InvalidDataException("file", "empty", "a NIfTI or JNIfTI scan");
    }
    return start;
  }

  private static NiftiFormat.Signature niftiSignature(byte[] start) throws InvalidDataException {
    if (start.length < Integer.BYTES) {
      throw new InvalidDataException(
          "file",
          "too short (%d bytes)".formatted(start.length),
          "at least " + Format.NIFTI1.headerBytes() + " bytes");
    }
    byte[] size = Arrays.copyOf(start, Integer.BYTES);
    return NiftiFormat.Signature.of(size)
        .orElseThrow(
            () ->
                new InvalidDataException(
                    "sizeof_hdr",
                    HexFormat.ofDelimiter(" ").formatHex(size),
                    "348 (NIfTI-1) or 540 (NIfTI-2), or a JNIfTI document"));
  }

  public NiftiHeader header() {
    return header;
  }

  /** Whether {@link #nextSlice()} has another slice to return. */
  public boolean hasNextSlice() {
    return slicesLeft > 0;
  }

  /**
   * Returns the next slice along the third stored axis; with more than three axes, the slices of
   * the further axes follow. The object is reused: it is valid until the next call. With the last
   * slice the rest of the stream is read to its end, so that a cut-off or damaged file is always
   * detected.
   *
   * @throws InvalidDataException if the file is cut off or damaged
   * @throws NoSuchElementException after the last slice
   */
  public VoxelSlice nextSlice() throws IOException {
    requireSlice();
    slice.show(source.nextSlice());
    sliceRead();
    return slice;
  }

  /**
   * Reads the next slice like {@link #nextSlice()}, but passes on its stored bytes as they arrive.
   */
  void nextSlice(VoxelSource.Pieces pieces) throws IOException {
    requireSlice();
    source.nextSlice(pieces);
    sliceRead();
  }

  private void requireSlice() {
    if (slicesLeft == 0) {
      throw new NoSuchElementException("all " + header.sliceCount() + " slices have been read");
    }
  }

  private void sliceRead() throws IOException {
    slicesLeft--;
    if (slicesLeft == 0) {
      source.finish();
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
