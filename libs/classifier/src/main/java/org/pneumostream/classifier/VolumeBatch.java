package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pneumostream.volume.FixedPoint;
import org.pneumostream.volume.InputShape;

/** Turns volumes into the network's input (N, 1, W, H, D), checking their sizes. */
final class VolumeBatch {
  private final InputShape shape;

  /** Carries voxels to the engine and is reused: the engine's input uses its memory. */
  private @Nullable ByteBuffer buffer;

  VolumeBatch(InputShape shape) {
    this.shape = shape;
  }

  /** Converts 16-bit unsigned fixed point, see {@link FixedPoint}. */
  NDArray fromFixedPoint(NDManager manager, List<short[]> volumes) {
    ByteBuffer bytes = allocate(manager, volumes.size());
    FloatBuffer voxels = bytes.asFloatBuffer();
    float[] row = new float[shape.depth()];
    for (short[] volume : volumes) {
      requireSize(volume.length);
      for (int from = 0; from < volume.length; from += row.length) {
        for (int i = 0; i < row.length; i++) {
          row[i] = FixedPoint.toFloat(volume[from + i]);
        }
        voxels.put(row);
      }
    }
    return create(manager, bytes, volumes.size());
  }

  /** Converts float voxels in [0, 1]. */
  NDArray fromFloats(NDManager manager, List<float[]> volumes) {
    ByteBuffer bytes = allocate(manager, volumes.size());
    FloatBuffer voxels = bytes.asFloatBuffer();
    for (float[] volume : volumes) {
      requireSize(volume.length);
      voxels.put(volume);
    }
    return create(manager, bytes, volumes.size());
  }

  private ByteBuffer allocate(NDManager manager, int volumes) {
    if (volumes == 0) {
      throw new IllegalArgumentException("a batch must hold at least one volume");
    }
    int bytes = Math.multiplyExact(Math.multiplyExact(volumes, shape.voxels()), Float.BYTES);
    if (buffer == null || buffer.capacity() < bytes) {
      buffer = manager.allocateDirect(bytes);
    }
    return buffer.clear().limit(bytes);
  }

  private NDArray create(NDManager manager, ByteBuffer bytes, int volumes) {
    return manager.create(
        bytes,
        new Shape(volumes, 1, shape.width(), shape.height(), shape.depth()),
        DataType.FLOAT32);
  }

  private void requireSize(int voxels) {
    if (voxels != shape.voxels()) {
      throw new IllegalArgumentException(
          "a volume of %s must have %d voxels but has %d".formatted(shape, shape.voxels(), voxels));
    }
  }
}
