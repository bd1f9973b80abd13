package org.pneumostream.scanstore;

import java.io.IOException;

/**
 * The scan store cannot be reached, or cannot answer now. Says nothing of the object that was asked
 * for: whoever catches it must not give the scan up, but stop and try again.
 */
public final class ScanStoreAwayException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param store its address, or that of the object asked for
   */
  public ScanStoreAwayException(String store, Throwable cause) {
    super(store + ": " + cause.getMessage(), cause);
  }

  /** Whether a failure is, or was caused by, a store that is away. */
  public static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ScanStoreAwayException) {
        return true;
      }
    }
    return false;
  }
}
