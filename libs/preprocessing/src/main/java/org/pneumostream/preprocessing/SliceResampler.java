package org.pneumostream.preprocessing;

import java.util.Arrays;
import java.util.List;
import org.pneumostream.jnifti.VoxelSlice;
import org.pneumostream.preprocessing.AxisWeights.Contribution;

/**
 * Resamples a scan in one pass over its stored slices. Each slice is windowed, resized in its
 * plane, and added to the output planes that it contributes to. Slices and rows that no output
 * voxel reads are skipped. Besides the output, only one row and one plane are in memory.
 *
 * <p>Sums are in double precision, so that the result does not depend on the order in which a file
 * stores its axes.
 */
final class SliceResampler {

  private final HounsfieldWindow window;
  private final AxisWeights across;
  private final List<List<Contribution>> rowContributions;
  private final List<List<Contribution>> sliceContributions;
  private final float[] storedRow;
  private final double[] row;
  private final double[] plane;
  private final double[][] planes;

  /**
   * @param window maps HU to [0, 1] before interpolation
   * @param across weights along the first stored axis
   * @param down weights along the second stored axis
   * @param through weights along the third stored axis
   */
  SliceResampler(
      HounsfieldWindow window, AxisWeights across, AxisWeights down, AxisWeights through) {
    this.window = window;
    this.across = across;
    this.rowContributions = down.contributions();
    this.sliceContributions = through.contributions();
    this.storedRow = new float[across.stored()];
    this.row = new double[across.outputs()];
    this.plane = new double[across.outputs() * down.outputs()];
    this.planes = new double[through.outputs()][plane.length];
  }

  /** Adds the slice at position k of the third stored axis. */
  void add(VoxelSlice slice, int k) {
    if (sliceContributions.get(k).isEmpty()) {
      return;
    }
    shrink(slice);
    for (Contribution to : sliceContributions.get(k)) {
      addScaled(plane, to.weight(), planes[to.output()], 0);
    }
  }

  /**
   * Output planes, one for each position along the third stored axis; in each, the first stored
   * axis runs fastest. They are complete once every slice has been added.
   */
  double[][] planes() {
    return planes;
  }

  private void shrink(VoxelSlice slice) {
    Arrays.fill(plane, 0);
    boolean mayHoldNaN = slice.datatype().isFloatingPoint();
    for (int j = 0; j < rowContributions.size(); j++) {
      if (!rowContributions.get(j).isEmpty()) {
        slice.rowTo(j, storedRow);
        window.normalize(storedRow, mayHoldNaN);
        across.apply(storedRow, row);
        for (Contribution to : rowContributions.get(j)) {
          addScaled(row, to.weight(), plane, to.output() * row.length);
        }
      }
    }
  }

  private static void addScaled(double[] values, double weight, double[] target, int offset) {
    for (int i = 0; i < values.length; i++) {
      target[offset + i] += weight * values[i];
    }
  }
}
