package org.pneumostream.jnifti;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Scans as bytes, whole and broken, and reading them to the end. */
final class Scans {
  /** Small enough that no test needs much memory, larger than any of the tests' scans. */
  static final ReadLimits LIMITS = new ReadLimits(1 << 20, 4096, 1 << 20);

  private Scans() {}

  /** 4 × 3 × 2 voxels of int16. */
  static byte[] small(Format format) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      NiftiHeader header =
          NiftiHeader.builder(Datatype.INT16, 4, 3, 2)
              .format(format)
              .affine(Affine.diagonal(-1, -1, 5))
              .build();
      short[] voxels = new short[24];
      for (int i = 0; i < voxels.length; i++) {
        voxels[i] = (short) (37 * i - 400);
      }
      NiftiWriter.write(bytes, header, voxels);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] gzip(byte[] bytes) {
    try {
      ByteArrayOutputStream zipped = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
        out.write(bytes);
      }
      return zipped.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A NIfTI-1 scan with one field overwritten. */
  static byte[] with(HeaderField field, int index, double value) {
    byte[] bytes = small(Format.NIFTI1);
    HeaderField.Place place = field.in(Format.NIFTI1);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    switch (place.type()) {
      case UINT8 -> header.put(place.offset() + index, (byte) value);
      case INT16 -> header.putShort(place.offset() + 2 * index, (short) value);
      case INT32 -> header.putInt(place.offset() + 4 * index, (int) value);
      case FLOAT32 -> header.putFloat(place.offset() + 4 * index, (float) value);
      default -> throw new AssertionError(place);
    }
    return bytes;
  }

  /** Opens the scan and reads all slices. */
  static NiftiHeader readAll(byte[] bytes) throws IOException {
    return readAll(bytes, LIMITS);
  }

  static NiftiHeader readAll(byte[] bytes, ReadLimits limits) throws IOException {
    try (NiftiReader reader = NiftiReader.open(new ByteArrayInputStream(bytes), limits)) {
      return readAll(reader);
    }
  }

  /** All voxels' values, first axis fastest. */
  static List<Double> values(byte[] bytes) throws IOException {
    List<Double> values = new ArrayList<>();
    try (NiftiReader reader = NiftiReader.open(new ByteArrayInputStream(bytes), LIMITS)) {
      while (reader.hasNextSlice()) {
        VoxelSlice slice = reader.nextSlice();
        for (int i = 0; i < slice.width() * slice.height(); i++) {
          values.add(slice.value(i));
        }
      }
    }
    return values;
  }

  static NiftiHeader readAll(NiftiReader reader) throws IOException {
    double[] row = new double[reader.header().width()];
    while (reader.hasNextSlice()) {
      VoxelSlice slice = reader.nextSlice();
      for (int j = 0; j < slice.height(); j++) {
        slice.rowTo(j, row);
      }
    }
    return reader.header();
  }
}
