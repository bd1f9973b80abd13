package org.pneumostream.jnifti;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.pneumostream.jdata.NumberDecoder;
import org.pneumostream.jdata.NumberType;

/**
 * One slice: width · height voxels, the first stored axis fastest. It holds the stored bytes and
 * converts them on demand, with slope and intercept applied in double precision. NaN and infinities
 * are preserved.
 *
 * <p>It belongs to its {@link NiftiReader}, which overwrites it with the next slice. Not
 * thread-safe.
 */
public final class VoxelSlice {
  private final int width;
  private final int height;
  private final Datatype datatype;
  private final NumberType type;
  private final ByteOrder order;
  private final double slope;
  private final double intercept;

  /** Scaling by 1 and 0 would turn −0 into 0. */
  private final boolean scaled;

  private final double[] row;
  private ByteBuffer stored = ByteBuffer.allocate(0);

  /**
   * @param header with a datatype that is read
   */
  VoxelSlice(NiftiHeader header) {
    this.width = header.width();
    this.height = header.height();
    this.datatype = header.datatype();
    this.type = datatype.number().orElseThrow();
    this.order = header.byteOrder();
    this.slope = header.slope();
    this.intercept = header.intercept();
    this.scaled = slope != 1 || intercept != 0;
    this.row = new double[width];
  }

  /** Points the slice at these bytes, without copying them. */
  void show(byte[] bytes) {
    if (!stored.hasArray() || stored.array() != bytes) {
      stored = ByteBuffer.wrap(bytes).order(order);
    }
  }

  /** Voxels along the first stored axis. */
  public int width() {
    return width;
  }

  /** Voxels along the second stored axis. */
  public int height() {
    return height;
  }

  public Datatype datatype() {
    return datatype;
  }

  /** The scaled value of voxel (i, j) at index {@code i + width · j}. */
  public double value(int index) {
    Objects.checkIndex(index, width * height);
    double value = NumberDecoder.number(stored, type, index);
    return scaled ? slope * value + intercept : value;
  }

  /**
   * Writes the scaled values of row {@code j}, which runs along the first axis.
   *
   * @param target at least {@link #width()} long; the rest is left alone
   */
  public void rowTo(int j, double[] target) {
    Objects.checkIndex(j, height);
    NumberDecoder.decode(stored, type, j * width, width, target);
    if (scaled) {
      for (int i = 0; i < width; i++) {
        target[i] = slope * target[i] + intercept;
      }
    }
  }

  /** The same, each value rounded to float. */
  public void rowTo(int j, float[] target) {
    rowTo(j, target, 0);
  }

  /** Number of voxels stored as NaN or infinite; 0 for integer types. */
  public int nonFinite() {
    return NumberDecoder.nonFinite(stored, type, width * height);
  }

  private void rowTo(int j, float[] target, int offset) {
    if (type == NumberType.FLOAT32 && !scaled) {
      NumberDecoder.copyFloats(stored, j * width, width, target, offset);
      return;
    }
    rowTo(j, row);
    for (int i = 0; i < width; i++) {
      target[offset + i] = (float) row[i];
    }
  }

  /**
   * Writes all scaled values, each rounded to float.
   *
   * @param target at least width · height long; voxel (i, j) goes to {@code i + width · j}
   */
  public void copyTo(float[] target) {
    for (int j = 0; j < height; j++) {
      rowTo(j, target, j * width);
    }
  }
}
