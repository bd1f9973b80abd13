package org.pneumostream.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** A scan from a door: one file, or a pair of header and image. Read once. */
interface PushedScan {
  /**
   * Opens the file, or the pair's header.
   *
   * @throws RejectedScanException if it is half of a pair
   */
  InputStream open() throws RejectedScanException, IOException;

  /** Opens a pair's image; empty if the scan is one file. */
  Optional<InputStream> openImage() throws IOException;

  /** The states of its files, to detect writes; empty for a stream. */
  List<FileState> states() throws IOException;
}
