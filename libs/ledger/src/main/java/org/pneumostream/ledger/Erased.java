package org.pneumostream.ledger;

import java.util.List;

/**
 * Result of an erasure.
 *
 * @param scanId the erased scan
 * @param topics full names of the topics that held it, in the order of the catalogue
 * @param files number of files removed from the scan store
 * @param seenBy versions whose training snapshot contained the scan (for training, validation or
 *     holdout), oldest first
 * @param maybeSeenBy versions trained since the scan arrived whose snapshot may have contained it
 *     under an earlier label, which compaction has removed since
 */
public record Erased(
    String scanId, List<String> topics, int files, List<String> seenBy, List<String> maybeSeenBy) {
  public Erased {
    topics = List.copyOf(topics);
    seenBy = List.copyOf(seenBy);
    maybeSeenBy = List.copyOf(maybeSeenBy);
  }
}
