package org.pneumostream.training;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.pneumostream.schemas.Finding;

/**
 * A scan's entry in the spool, without its voxels.
 *
 * @param scanId the scan's id
 * @param splitHash {@link Split#hash} of its split key
 * @param voxelHash {@link Split#hash} of its voxels, little-endian
 * @param finding its label
 */
record SpooledScan(String scanId, long splitHash, long voxelHash, Finding finding) {

  static SpooledScan of(String scanId, String splitKey, Finding finding, short[] voxels) {
    ByteBuffer bytes =
        ByteBuffer.allocate(voxels.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(voxels);
    return new SpooledScan(scanId, Split.hash(splitKey), Split.hash(bytes), finding);
  }

  /** The scans with their groups; split keys with the same voxels belong to one group. */
  static List<Example> examples(Collection<SpooledScan> scans) {
    Map<Long, Long> parents = new HashMap<>();
    Map<Long, Long> byVoxels = new HashMap<>();
    for (SpooledScan scan : scans) {
      Long same = byVoxels.putIfAbsent(scan.voxelHash, scan.splitHash);
      if (same != null) {
        parents.put(root(parents, scan.splitHash), root(parents, same));
      }
    }
    Map<Long, Set<Long>> splitHashes = new HashMap<>();
    Map<Long, Set<Long>> scanHashes = new HashMap<>();
    for (SpooledScan scan : scans) {
      Long root = root(parents, scan.splitHash);
      splitHashes.computeIfAbsent(root, r -> new HashSet<>()).add(scan.splitHash);
      scanHashes.computeIfAbsent(root, r -> new HashSet<>()).add(Split.hash(scan.scanId));
    }
    Map<Long, Group> groups = new HashMap<>();
    splitHashes.forEach(
        (root, hashes) ->
            groups.put(root, new Group(hashes, Objects.requireNonNull(scanHashes.get(root)))));
    List<Example> examples = new ArrayList<>();
    for (SpooledScan scan : scans) {
      Group group = Objects.requireNonNull(groups.get(root(parents, scan.splitHash)));
      examples.add(new Example(scan.scanId, scan.splitHash, scan.finding, group));
    }
    return examples;
  }

  /**
   * The representative key of a member's group; shortens the member's path to it; a key without a
   * way is its own.
   */
  private static Long root(Map<Long, Long> parents, Long member) {
    Long at = member;
    for (Long up = parent(parents, at); !up.equals(at); up = parent(parents, at)) {
      parents.put(at, parent(parents, up));
      at = up;
    }
    return at;
  }

  private static Long parent(Map<Long, Long> parents, Long member) {
    return parents.getOrDefault(member, member);
  }
}
