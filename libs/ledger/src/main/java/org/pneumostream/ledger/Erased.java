package org.pneumostream.ledger;

import java.util.List;

/**
 * What an erasure has come to.
 *
 * @param scanId the scan that was erased
 * @param topics full names of the topics that held it, in the order of the catalogue
 * @param files how many files of the scan store are removed
 * @param seenBy versions of the model whose training snapshot held the scan, oldest first: it was
 *     learned from, validated on or held out
 * @param maybeSeenBy versions made since the scan came whose snapshot may have held it under an
 *     earlier label, which compaction has removed since
 */
public record Erased(
    String scanId, List<String> topics, int files, List<String> seenBy, List<String> maybeSeenBy) {
  public Erased {
    topics = List.copyOf(topics);
    seenBy = List.copyOf(seenBy);
    maybeSeenBy = List.copyOf(maybeSeenBy);
  }
}
