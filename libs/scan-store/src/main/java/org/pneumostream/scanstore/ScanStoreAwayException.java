package org.pneumostream.scanstore;

import java.io.IOException;

/**
 * The scan store cannot be reached, or cannot answer now. This says nothing about the requested
 * object: a caller must not give the scan up, but stop and retry.
 */
public final class ScanStoreAwayException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param store address of the store or of the requested object
   */
  public ScanStoreAwayException(String store, Throwable cause) {
    super(store + ": " + cause.getMessage(), cause);
  }

  /** Whether an unavailable store is, or caused, a failure. */
  public static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ScanStoreAwayException) {
        return true;
      }
    }
    return false;
  }
}
