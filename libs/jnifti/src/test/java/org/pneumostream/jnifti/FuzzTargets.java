package org.pneumostream.jnifti;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.pneumostream.jdata.InvalidDataException;

/**
 * What the fuzz tests do with arbitrary bytes: read them to the end, within limits. A {@link
 * InvalidDataException} is the one thing that may come of it; whatever else is thrown, a hang or a
 * lack of memory is a finding.
 *
 * <p>In the build each test runs its seeds, in {@code src/test/resources}; with {@code
 * JAZZER_FUZZ=1} in the environment one test per run continues from there for a limited time.
 */
final class FuzzTargets {
  private FuzzTargets() {}

  static void read(byte[] scan) throws IOException {
    try (NiftiReader reader = NiftiReader.open(new ByteArrayInputStream(scan), Scans.LIMITS)) {
      readToEnd(reader);
    } catch (InvalidDataException e) {
      // Refused, as most are.
      requireReason(e);
    }
  }

  static void readPair(byte[] header) throws IOException {
    try (InputStream image = new ByteArrayInputStream(new byte[1 << 12]);
        NiftiReader reader =
            NiftiReader.openPair(new ByteArrayInputStream(header), image, Scans.LIMITS)) {
      readToEnd(reader);
    } catch (InvalidDataException e) {
      requireReason(e);
    }
  }

  private static void readToEnd(NiftiReader reader) throws IOException {
    while (reader.hasNextSlice()) {
      VoxelSlice slice = reader.nextSlice();
      slice.value(slice.width() * slice.height() - 1);
    }
  }

  private static void requireReason(InvalidDataException e) {
    if (e.field().isBlank() || e.expected().isBlank()) {
      throw new AssertionError("refused without saying why", e);
    }
  }
}
