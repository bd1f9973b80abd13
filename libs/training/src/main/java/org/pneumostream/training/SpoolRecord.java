package org.pneumostream.training;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.ScanId;

/**
 * The bytes of one example in the {@link TrainingSet}'s file, all little-endian:
 *
 * <pre>
 *  0  32 bytes  scan id
 * 32  int64     hash of the split key
 * 40  int64     hash of the voxels
 * 48  uint8     finding: 0 NORMAL, 1 ABNORMAL, 255 for a record that is free
 * 49   7 bytes  zero
 * 56  uint16[]  voxels, q = round(v * 65535), in (W, H, D) order, depth fastest
 * </pre>
 */
final class SpoolRecord {
  static final int HEADER_BYTES = 56;

  private static final int SCAN_ID_BYTES = 32;
  private static final int FINDING_AT = SCAN_ID_BYTES + 2 * Long.BYTES;
  private static final byte FREE = (byte) 255;

  private SpoolRecord() {}

  static ByteBuffer allocate(int voxels) {
    int bytes = Math.addExact(HEADER_BYTES, Math.multiplyExact(voxels, Short.BYTES));
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Fills the buffer, ready to write to a file.
   *
   * @throws IllegalArgumentException if the scan id is not a SHA-256 in lowercase hex
   */
  static void write(ByteBuffer buffer, SpooledScan scan, short[] voxels) {
    buffer.clear();
    buffer.put(scanIdBytes(scan.scanId()));
    buffer.putLong(scan.splitHash());
    buffer.putLong(scan.voxelHash());
    buffer.put((byte) (scan.finding() == Finding.ABNORMAL ? 1 : 0));
    while (buffer.position() < HEADER_BYTES) {
      buffer.put((byte) 0);
    }
    buffer.asShortBuffer().put(voxels);
    buffer.clear();
  }

  /** Fills the buffer with a free record, ready to write to a file. */
  static void writeFree(ByteBuffer buffer) {
    buffer.clear();
    buffer.put(FINDING_AT, FREE);
  }

  static boolean isFree(ByteBuffer record) {
    return record.get(FINDING_AT) == FREE;
  }

  static SpooledScan scan(ByteBuffer record) {
    byte[] scanId = new byte[SCAN_ID_BYTES];
    record.get(0, scanId);
    return new SpooledScan(
        HexFormat.of().formatHex(scanId),
        record.getLong(SCAN_ID_BYTES),
        record.getLong(SCAN_ID_BYTES + Long.BYTES),
        record.get(FINDING_AT) == 1 ? Finding.ABNORMAL : Finding.NORMAL);
  }

  static void voxels(ByteBuffer record, short[] target) {
    record.position(HEADER_BYTES);
    record.asShortBuffer().get(target);
  }

  private static byte[] scanIdBytes(String scanId) {
    if (!ScanId.isOne(scanId)) {
      throw new IllegalArgumentException(
          "scan id: '" + scanId + "', expected a SHA-256 in lowercase hex");
    }
    return HexFormat.of().parseHex(scanId);
  }
}
