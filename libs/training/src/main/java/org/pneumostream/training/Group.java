package org.pneumostream.training;

import java.util.Collection;
import java.util.Set;

/**
 * Scans that a split must keep on one side: scans with one group key, and scans with the same
 * voxels, whatever their ids and group keys.
 *
 * @param splitHashes {@link Split#hash} of each split key in the group
 * @param scanHashes {@link Split#hash} of each scan id in the group
 */
public record Group(Set<Long> splitHashes, Set<Long> scanHashes) {
  public Group {
    splitHashes = Set.copyOf(splitHashes);
    scanHashes = Set.copyOf(scanHashes);
  }

  /** The group of a scan that shares neither split key nor voxels with another. */
  static Group of(String scanId, long splitHash) {
    return new Group(Set.of(splitHash), Set.of(Split.hash(scanId)));
  }

  /** The side on which the whole group may be used: the first side that any of these falls on. */
  static Subset side(Split split, Collection<Long> hashes) {
    Subset first = Subset.HOLDOUT;
    for (long hash : hashes) {
      Subset side = split.subset(hash);
      first = side.compareTo(first) < 0 ? side : first;
    }
    return first;
  }
}
