package org.pneumostream.preprocessing;

import java.util.List;
import org.pneumostream.jnifti.Orientation;
import org.pneumostream.volume.InputShape;

/**
 * Maps stored axes to output axes.
 *
 * @param outputAxis for each stored axis its output axis: 0 width, 1 height, 2 depth
 * @param paths for each stored axis the positions of the rotated scan's samples on it
 */
record StoredAxes(List<Integer> outputAxis, List<AxisPath> paths) {

  /**
   * @param stored voxels along the three stored axes
   * @param orientation which stored axes run along width, height and depth, in which direction
   */
  static StoredAxes of(List<Integer> stored, Orientation orientation) {
    int width = stored.get(orientation.axis(0));
    int height = stored.get(orientation.axis(1));
    int depth = stored.get(orientation.axis(2));
    // The quarter turn swaps the plane's axes: the output's width runs along the scan's height.
    Integer[] outputAxis = new Integer[3];
    outputAxis[orientation.axis(0)] = 1;
    outputAxis[orientation.axis(1)] = 0;
    outputAxis[orientation.axis(2)] = 2;
    AxisPath[] paths = new AxisPath[3];
    paths[orientation.axis(0)] =
        towards(AxisPath.secondAfterQuarterTurn(width, height), orientation.flipped(0));
    paths[orientation.axis(1)] =
        towards(AxisPath.firstAfterQuarterTurn(width, height), orientation.flipped(1));
    paths[orientation.axis(2)] = towards(AxisPath.straight(depth), orientation.flipped(2));
    return new StoredAxes(List.of(outputAxis), List.of(paths));
  }

  /** The weights of a stored axis' voxels in the output. */
  AxisWeights weights(int storedAxis, InputShape shape) {
    return AxisWeights.of(paths.get(storedAxis), extent(outputAxis.get(storedAxis), shape));
  }

  /**
   * Converts planes from stored order to output order.
   *
   * @param planes output planes along the third stored axis; in each the first stored axis runs
   *     fastest
   * @return one value per voxel, depth fastest, then height
   */
  float[] inOutputOrder(double[][] planes, InputShape shape) {
    int columns = extent(outputAxis.get(0), shape);
    int rows = extent(outputAxis.get(1), shape);
    int columnStride = stride(outputAxis.get(0), shape);
    int rowStride = stride(outputAxis.get(1), shape);
    int planeStride = stride(outputAxis.get(2), shape);
    float[] volume = new float[shape.voxels()];
    // Rows outermost: nearly all scans are stored with slices along depth, so that the writes of
    // one row stay in the cache.
    for (int j = 0; j < rows; j++) {
      for (int k = 0; k < planes.length; k++) {
        int target = j * rowStride + k * planeStride;
        for (int i = 0; i < columns; i++) {
          volume[target + i * columnStride] = (float) planes[k][j * columns + i];
        }
      }
    }
    return volume;
  }

  private static AxisPath towards(AxisPath path, boolean flipped) {
    return flipped ? path.flipped() : path;
  }

  private static int extent(int axis, InputShape shape) {
    return switch (axis) {
      case 0 -> shape.width();
      case 1 -> shape.height();
      default -> shape.depth();
    };
  }

  private static int stride(int axis, InputShape shape) {
    return switch (axis) {
      case 0 -> shape.height() * shape.depth();
      case 1 -> shape.depth();
      default -> 1;
    };
  }
}
