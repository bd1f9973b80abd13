package org.pneumostream.classifier;

/**
 * The arrays that the engine holds outside of the heap, counted exactly.
 *
 * <p>An array that is never closed is a leak of the engine's memory, which the garbage collector
 * does not free. Resident memory does not tell one: the allocator keeps what was freed, and takes
 * more in steps of its own. The number of arrays is the same after every scan and every step.
 */
public final class NativeArrays {

  private NativeArrays() {}

  /** Arrays of all networks and learners of this process that are alive now. Thread-safe. */
  public static int alive() {
    return TorchEngine.arraysAlive();
  }
}
