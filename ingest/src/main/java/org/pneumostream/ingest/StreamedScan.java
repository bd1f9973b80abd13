package org.pneumostream.ingest;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * A scan that arrives as one stream, such as the body of a request.
 *
 * @param stream stays open; it belongs to the caller
 */
record StreamedScan(InputStream stream) implements PushedScan {
  @Override
  public InputStream open() {
    return new ObservedInput(stream, (bytes, offset, count) -> {});
  }

  @Override
  public Optional<InputStream> openImage() {
    return Optional.empty();
  }

  @Override
  public List<FileState> states() {
    return List.of();
  }
}
