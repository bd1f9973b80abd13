package org.pneumostream.classifier;

import ai.djl.ndarray.types.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Number format of weights and activations during scoring. */
public enum Precision {
  /** 32-bit floating point. */
  FULL(DataType.FLOAT32),
  /** 16-bit floating point: half the memory, and the fast units of a GPU. */
  HALF(DataType.FLOAT16);

  private static final Logger log = LoggerFactory.getLogger(Precision.class);

  private final DataType type;

  Precision(DataType type) {
    this.type = type;
  }

  /** The engine's name of it. */
  DataType type() {
    return type;
  }

  /**
   * This precision on a GPU; on a CPU, which is slower in half precision, {@link #FULL} with a log
   * entry.
   */
  public Precision orFullOnCpu() {
    if (this == FULL || TorchEngine.device().isGpu()) {
      return this;
    }
    log.warn("half precision needs a GPU and none was found; scoring in full precision");
    return FULL;
  }
}
