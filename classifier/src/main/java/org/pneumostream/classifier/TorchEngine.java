package org.pneumostream.classifier;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;

/** The one place that starts the PyTorch engine and says where it computes. */
final class TorchEngine {

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

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
