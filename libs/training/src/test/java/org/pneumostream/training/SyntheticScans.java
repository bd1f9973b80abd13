package org.pneumostream.training;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.pneumostream.schemas.Finding;
import org.pneumostream.volume.InputShape;

/** Volumes of faint noise; abnormal ones hold bright blocks at random places. */
public final class SyntheticScans {
  public static final InputShape SHAPE = InputShape.SMALL;

  private static final int BLOCKS = 6;
  private static final int BLOCK = 14;

  private SyntheticScans() {}

  /** The id of the scan with a number. */
  public static String scanId(int number) {
    try {
      byte[] text = ("scan " + number).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Every other scan is abnormal. */
  public static Finding finding(int number) {
    return number % 2 == 0 ? Finding.NORMAL : Finding.ABNORMAL;
  }

  public static short[] voxels(int number) {
    SplittableRandom random = new SplittableRandom(number);
    short[] voxels = new short[SHAPE.voxels()];
    for (int i = 0; i < voxels.length; i++) {
      voxels[i] = (short) random.nextInt(20_000);
    }
    if (finding(number) == Finding.ABNORMAL) {
      for (int i = 0; i < BLOCKS; i++) {
        brighten(voxels, random);
      }
    }
    return voxels;
  }

  private static void brighten(short[] voxels, SplittableRandom random) {
    int left = random.nextInt(SHAPE.width() - BLOCK);
    int top = random.nextInt(SHAPE.height() - BLOCK);
    int front = random.nextInt(SHAPE.depth() - BLOCK);
    for (int x = left; x < left + BLOCK; x++) {
      for (int y = top; y < top + BLOCK; y++) {
        for (int z = front; z < front + BLOCK; z++) {
          voxels[(x * SHAPE.height() + y) * SHAPE.depth() + z] = (short) 60_000;
        }
      }
    }
  }
}
