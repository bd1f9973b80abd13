package org.pneumostream.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** A scan as a door hands it over: one file, or a pair of header and image. Read once. */
interface PushedScan {
  /**
   * Opens the bytes of the file, or of the pair's header.
   *
   * @throws RejectedScanException if it is half of a pair
   */
  InputStream open() throws RejectedScanException, IOException;

  /** Opens the bytes of a pair's image; empty if the scan is one file. */
  Optional<InputStream> openImage() throws IOException;

  /** The states of its files, to tell whether they were written to; a stream has none. */
  List<FileState> states() throws IOException;
}
