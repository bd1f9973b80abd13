package org.pneumostream.ingest;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pneumostream.jdata.Printable;

/**
 * What was pushed is not a scan that can be taken. The message says why, in one printable sentence.
 */
public final class RejectedScanException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Kinds of refusal, few enough to be counted apart. */
  public enum Reason {
    /** No bytes at all. */
    EMPTY,
    /** The header is that of no supported format, or contradicts itself. */
    NOT_A_SCAN,
    /** A good header of something else than one 3D volume. */
    NOT_ONE_VOLUME,
    /** The header is good, the voxels are cut off or damaged. */
    DAMAGED,
    /** Over a limit of bytes. */
    TOO_LARGE,
    /** Half of a pair, or a folder without scans. */
    MISSING;

    /** In metrics, such as {@code not-a-scan}. */
    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Reason reason;

  public RejectedScanException(Reason reason, String message) {
    this(reason, message, null);
  }

  public RejectedScanException(Reason reason, String message, @Nullable Throwable cause) {
    super(Printable.line(message), cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
