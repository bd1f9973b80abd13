package org.pneumostream.offline;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.terminal.FileException;

/**
 * What a command makes of one scan.
 *
 * @param <T> what it makes
 */
public interface ScanReading<T> {
  T from(NiftiReader scan) throws IOException;

  /**
   * Opens a scan, reads it and closes it.
   *
   * @throws FileException naming the file, if it is no scan, is damaged or cannot be taken
   * @throws FileSystemException if there is no such file, or it cannot be opened
   */
  static <T> T of(Path file, ScanReading<T> reading) throws IOException {
    try (NiftiReader scan = NiftiReader.open(file, ReadLimits.DEFAULT)) {
      return reading.from(scan);
    } catch (FileSystemException e) {
      throw e; // Says by itself which file it is about.
    } catch (IOException e) {
      throw new FileException(file, e);
    }
  }
}
