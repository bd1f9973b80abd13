package org.pneumostream.trainer;

import java.util.List;
import org.pneumostream.schemas.Finding;

/**
 * One labeled scan of the training set, without its voxels.
 *
 * @param scanId the scan's id
 * @param splitHash {@link Split#hash} of its split key
 * @param finding its label
 */
public record Example(String scanId, long splitHash, Finding finding) {
  public boolean isAbnormal() {
    return finding == Finding.ABNORMAL;
  }

  /** The labels of examples: true for ABNORMAL. */
  static boolean[] labels(List<Example> examples) {
    boolean[] abnormal = new boolean[examples.size()];
    for (int i = 0; i < abnormal.length; i++) {
      abnormal[i] = examples.get(i).isAbnormal();
    }
    return abnormal;
  }
}
