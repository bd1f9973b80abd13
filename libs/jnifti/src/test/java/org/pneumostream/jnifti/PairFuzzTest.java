package org.pneumostream.jnifti;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Jazzer, on a NIfTI header file; its image is a run of zeros; see {@link FuzzTargets}. */
class PairFuzzTest {
  @FuzzTest(maxDuration = "20s")
  void isReadOrRefused(byte[] scan) throws IOException {
    FuzzTargets.readPair(scan);
  }
}
