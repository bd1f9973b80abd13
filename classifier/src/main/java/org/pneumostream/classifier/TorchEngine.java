package org.pneumostream.classifier;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** The one place that starts the PyTorch engine, says where it computes and knows its errors. */
final class TorchEngine {

  /** How libtorch's allocators, CUDA itself, and cuDNN and cuBLAS say that memory is used up. */
  private static final List<String> OUT_OF_MEMORY =
      List.of("out of memory", "can't allocate memory", "STATUS_ALLOC_FAILED");

  static {
    // A hospital's machine must not call home: neither usage statistics nor downloads of libraries.
    setIfAbsent("OPT_OUT_TRACKING", "true");
    setIfAbsent("ai.djl.offline", "true");
  }

  private TorchEngine() {}

  /** Opens a manager whose arrays live on the GPU if the engine has one, else in main memory. */
  static NDManager openManager() {
    Engine engine = Engine.getEngine("PyTorch");
    Device device = engine.getGpuCount() > 0 ? Device.gpu() : Device.cpu();
    return engine.newBaseManager(device);
  }

  static Engine engine() {
    return Engine.getEngine("PyTorch");
  }

  /** True when what failed would have gone well with more memory. */
  static boolean isOutOfMemory(EngineException failure) {
    String message = String.valueOf(failure.getMessage());
    return OUT_OF_MEMORY.stream().anyMatch(message::contains);
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
