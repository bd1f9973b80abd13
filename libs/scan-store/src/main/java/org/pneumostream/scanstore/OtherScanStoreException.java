package org.pneumostream.scanstore;

import java.io.IOException;

/** A scan is in another scan store than the configured one; the setting has to change. */
public final class OtherScanStoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param uri of the configured store
   */
  public OtherScanStoreException(String uri) {
    super(
        "scan store: the scan's file is in another store, expected %s (%s)"
            .formatted(uri, ScanStoreConfig.SCAN_STORE.key()));
  }
}
