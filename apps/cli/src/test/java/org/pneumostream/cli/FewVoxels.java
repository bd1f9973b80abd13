package org.pneumostream.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** NIfTI-1 files of 2×2×1 float32 voxels, built from the specification's byte offsets. */
final class FewVoxels {
  private static final int HEADER_BYTES = 348;
  private static final int VOXEL_OFFSET = 352;
  private static final short FLOAT32 = 16;

  private FewVoxels() {}

  static void write(Path file, float[] stored, float slope, float intercept) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(VOXEL_OFFSET + stored.length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, HEADER_BYTES);
    short[] dim = {3, 2, 2, 1, 1, 1, 1, 1};
    float[] pixdim = {1, 1, 1, 1, 0, 0, 0, 0};
    for (int i = 0; i < dim.length; i++) {
      bytes.putShort(40 + i * Short.BYTES, dim[i]);
      bytes.putFloat(76 + i * Float.BYTES, pixdim[i]);
    }
    bytes.putShort(70, FLOAT32).putShort(72, (short) Float.SIZE);
    bytes.putFloat(108, VOXEL_OFFSET).putFloat(112, slope).putFloat(116, intercept);
    bytes.put(344, "n+1\0".getBytes(StandardCharsets.US_ASCII));
    bytes.position(VOXEL_OFFSET);
    for (float value : stored) {
      bytes.putFloat(value);
    }
    Files.write(file, bytes.array());
  }
}
