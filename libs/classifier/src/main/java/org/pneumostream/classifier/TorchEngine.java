package org.pneumostream.classifier;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Starts the PyTorch engine, chooses its device and interprets its errors. Only this class does.
 */
final class TorchEngine {

  /** The out-of-memory messages of libtorch's allocators, CUDA, cuDNN and cuBLAS. */
  private static final List<String> OUT_OF_MEMORY =
      List.of("out of memory", "can't allocate memory", "STATUS_ALLOC_FAILED");

  static {
    // A hospital's machine must not call home: no usage statistics and no downloads of libraries.
    setIfAbsent("OPT_OUT_TRACKING", "true");
    setIfAbsent("ai.djl.offline", "true");
  }

  private static final AtomicBoolean STARTED = new AtomicBoolean();

  /** All managers opened here; closed ones are removed from time to time. */
  private static final Set<NDManager> MANAGERS = ConcurrentHashMap.newKeySet();

  private TorchEngine() {}

  /** Opens a manager whose arrays live on {@link #device}. */
  static NDManager openManager() {
    MANAGERS.removeIf(manager -> !manager.isOpen());
    NDManager manager = engine().newBaseManager(device());
    MANAGERS.add(manager);
    return manager;
  }

  /** Arrays of all open managers; closing a manager closes its arrays. */
  static int arraysAlive() {
    return MANAGERS.stream()
        .filter(NDManager::isOpen)
        .mapToInt(manager -> manager.getManagedArrays().size())
        .sum();
  }

  /** The GPU if the engine has one, else the CPU. */
  static Device device() {
    return engine().getGpuCount() > 0 ? Device.gpu() : Device.cpu();
  }

  /** Number of threads that share one operation on a CPU. */
  static int threads() {
    engine();
    return JniUtils.getNumThreads();
  }

  static Engine engine() {
    Engine engine = Engine.getEngine("PyTorch");
    if (!STARTED.getAndSet(true) && engine.getGpuCount() == 0) {
      EngineEnvironment.check(System.getenv());
    }
    return engine;
  }

  /** Whether the failure was a lack of memory. */
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
