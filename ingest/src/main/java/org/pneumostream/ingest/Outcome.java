package org.pneumostream.ingest;

import org.pneumostream.ingest.RejectedScanException.Reason;

/**
 * What ingest has decided on a scan that was pushed. Where it could not decide, because something
 * is away or the bytes broke off, there is an exception instead, and the scan may be pushed again.
 */
public sealed interface Outcome {
  /**
   * All in-sync brokers have the scan.
   *
   * @param receipt where it lies
   * @param alreadyThere whether {@code scans} held it before this push
   * @param bytes size of its {@linkplain PublishedForm published form}
   */
  record Accepted(Receipt receipt, boolean alreadyThere, long bytes) implements Outcome {}

  /**
   * What was pushed is not a scan that can be taken, now or later.
   *
   * @param message why, in one printable sentence
   */
  record Rejected(Reason reason, String message) implements Outcome {}
}
