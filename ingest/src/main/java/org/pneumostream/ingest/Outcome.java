package org.pneumostream.ingest;

import org.pneumostream.ingest.RejectedScanException.Reason;

/**
 * Ingest's final decision on a pushed scan. If ingest could not decide, because a system is
 * unavailable or the bytes broke off, it throws an exception instead, and the scan may be pushed
 * again.
 */
public sealed interface Outcome {
  /**
   * All in-sync brokers have the scan.
   *
   * @param receipt the record's place
   * @param alreadyThere whether {@code scans} held it before this push
   * @param bytes size of its {@linkplain PublishedForm published form}
   */
  record Accepted(Receipt receipt, boolean alreadyThere, long bytes) implements Outcome {}

  /**
   * The push is not an acceptable scan, and never will be.
   *
   * @param message why, in one printable sentence
   */
  record Rejected(Reason reason, String message) implements Outcome {}
}
