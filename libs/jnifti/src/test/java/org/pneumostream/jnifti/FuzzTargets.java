package org.pneumostream.jnifti;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads arbitrary bytes to the end, within limits, for the fuzz tests. Only a {@link
 * NiftiException} may be thrown; any other exception, a hang or an out-of-memory error is a
 * finding.
 *
 * <p>In the build each test runs its seeds, in {@code src/test/resources}; with {@code
 * JAZZER_FUZZ=1} in the environment one test per run continues from there for a limited time.
 */
final class FuzzTargets {
  private FuzzTargets() {}

  static void read(byte[] scan) throws IOException {
    try (NiftiReader reader = NiftiReader.open(new ByteArrayInputStream(scan), Scans.LIMITS)) {
      readToEnd(reader);
    } catch (NiftiException e) {
      // Refused, as most are.
      requireReason(e);
    }
  }

  static void readPair(byte[] header) throws IOException {
    try (InputStream image = new ByteArrayInputStream(new byte[1 << 12]);
        NiftiReader reader =
            NiftiReader.openPair(new ByteArrayInputStream(header), image, Scans.LIMITS)) {
      readToEnd(reader);
    } catch (NiftiException e) {
      requireReason(e);
    }
  }

  private static void readToEnd(NiftiReader reader) throws IOException {
    while (reader.hasNextSlice()) {
      VoxelSlice slice = reader.nextSlice();
      slice.value(slice.width() * slice.height() - 1);
    }
  }

  private static void requireReason(NiftiException e) {
    if (e.field().isBlank() || e.expected().isBlank()) {
      throw new AssertionError("refused without saying why", e);
    }
  }
}
