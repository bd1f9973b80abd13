package org.pneumostream.ingest;

import java.util.Objects;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanId;

/**
 * A scan that has been read to its end and is one 3D volume.
 *
 * @param scanId lowercase hex SHA-256 of the scan's uncompressed file bytes; for a pair, of the
 *     header's followed by the image's
 * @param scan the scan as it goes onto the topic
 */
public record AcceptedScan(String scanId, Scan scan) {
  public AcceptedScan {
    ScanId.require("scanId", scanId);
    Objects.requireNonNull(scan, "scan");
  }

  /** Bytes that the record or the scan store holds of it. */
  public long bytes() {
    return scan.getReference() != null
        ? scan.getReference().getLength()
        : scan.getContent().remaining();
  }
}
