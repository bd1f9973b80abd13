package org.pneumostream.scanstore;

import java.io.IOException;

/** A scan lies in another scan store than the one that is set: only the setting helps. */
public final class OtherScanStoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param uri of the store that is set
   */
  public OtherScanStoreException(String uri) {
    super(
        "scan store: the scan's file lies in another store, expected it in %s (%s)"
            .formatted(uri, ScanStoreConfig.SCAN_STORE.key()));
  }
}
