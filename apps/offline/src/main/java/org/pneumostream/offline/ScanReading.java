package org.pneumostream.offline;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.terminal.FileException;

/**
 * What a command does with one scan.
 *
 * @param <T> the result
 */
public interface ScanReading<T> {
  T from(NiftiReader scan) throws IOException;

  /**
   * Opens a scan, reads it and closes it.
   *
   * @throws FileException naming the file, if it is not a scan, is damaged or cannot be processed
   * @throws FileSystemException if the file does not exist or cannot be opened
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
