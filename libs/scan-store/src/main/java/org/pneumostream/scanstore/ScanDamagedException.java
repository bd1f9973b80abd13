package org.pneumostream.scanstore;

import java.io.IOException;
import org.pneumostream.schemas.Reference;

/** An object of the scan store does not match the length or hash in the reference. */
public final class ScanDamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  ScanDamagedException(Reference reference, long length, String sha256) {
    super(
        "scan store: %s has %d bytes with SHA-256 %s, expected %d with SHA-256 %s"
            .formatted(
                reference.getUri(), length, sha256, reference.getLength(), reference.getSha256()));
  }
}
