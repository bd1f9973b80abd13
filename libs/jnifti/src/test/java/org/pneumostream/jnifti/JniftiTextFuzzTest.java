package org.pneumostream.jnifti;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Jazzer, on JNIfTI text; see {@link FuzzTargets}. */
class JniftiTextFuzzTest {
  @FuzzTest(maxDuration = "20s")
  void isReadOrRefused(byte[] scan) throws IOException {
    FuzzTargets.read(scan);
  }
}
