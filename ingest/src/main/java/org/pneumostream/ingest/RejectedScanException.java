package org.pneumostream.ingest;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pneumostream.jdata.Printable;

/** The push is not an acceptable scan. The message says why, in one printable sentence. */
public final class RejectedScanException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Kinds of refusal, for metrics. */
  public enum Reason {
    /** No bytes at all. */
    EMPTY,
    /** The header has no supported format, or contradicts itself. */
    NOT_A_SCAN,
    /** The header is valid, but not that of one 3D volume. */
    NOT_ONE_VOLUME,
    /** The header is valid, but the voxels are cut off or damaged. */
    DAMAGED,
    /** Exceeds a limit in bytes. */
    TOO_LARGE,
    /** Half of a pair, or a folder without scans. */
    MISSING;

    /** The name in metrics, such as {@code not-a-scan}. */
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
