package org.pneumostream.jnifti;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Jazzer, on NIfTI-1 and NIfTI-2 in one file, gzipped or not; see {@link FuzzTargets}. */
class NiftiFuzzTest {
  @FuzzTest(maxDuration = "20s")
  void isReadOrRefused(byte[] scan) throws IOException {
    FuzzTargets.read(scan);
  }
}
