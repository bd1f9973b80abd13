package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.jni.JniUtils;
import org.junit.jupiter.api.Test;

class ComputeDeviceTest {

  @Test
  void isTheEnginesOwn() {
    ComputeDevice expected =
        TorchEngine.engine().getGpuCount() > 0
            ? new ComputeDevice("gpu", 0)
            : new ComputeDevice("cpu", JniUtils.getNumThreads());

    assertThat(ComputeDevice.current()).isEqualTo(expected);
  }

  @Test
  void showsTheNumberOfThreadsOfACpu() {
    assertThat(new ComputeDevice("cpu", 2)).hasToString("cpu with 2 threads");
    assertThat(new ComputeDevice("gpu", 0)).hasToString("gpu");
  }
}
