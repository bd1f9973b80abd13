package org.pneumostream.training;

import java.util.List;
import java.util.Optional;
import org.pneumostream.schemas.Finding;

/**
 * One labeled scan of the training set, without its voxels.
 *
 * @param scanId the scan's id
 * @param splitHash {@link Split#hash} of its split key
 * @param finding its label
 * @param group scans that a split must keep on the same side
 */
public record Example(String scanId, long splitHash, Finding finding, Group group) {

  /** A scan that shares neither split key nor voxels with another. */
  public Example(String scanId, long splitHash, Finding finding) {
    this(scanId, splitHash, finding, Group.of(scanId, splitHash));
  }

  public boolean isAbnormal() {
    return finding == Finding.ABNORMAL;
  }

  /**
   * The side of a split that it is used on. Empty if its voxels, or those of another scan of its
   * group key, fall on an earlier side under another key; it is then left out, since a scan never
   * changes sides.
   */
  Optional<Subset> subset(Split split) {
    Subset own = split.subset(splitHash);
    return Group.side(split, group.splitHashes()) == own ? Optional.of(own) : Optional.empty();
  }

  /** The labels of examples: true for ABNORMAL. */
  public static boolean[] labels(List<Example> examples) {
    boolean[] abnormal = new boolean[examples.size()];
    for (int i = 0; i < abnormal.length; i++) {
      abnormal[i] = examples.get(i).isAbnormal();
    }
    return abnormal;
  }
}
