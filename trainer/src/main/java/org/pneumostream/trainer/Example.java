package org.pneumostream.trainer;

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
}
