package org.pneumostream.classifier;

/**
 * Counts the arrays that the engine holds outside the heap.
 *
 * <p>An array that is never closed leaks the engine's memory, which the garbage collector does not
 * free. Resident memory does not reveal such a leak, since the allocator keeps freed memory and
 * grows in steps. The number of arrays does: it is the same after every scan and every step.
 */
public final class NativeArrays {

  private NativeArrays() {}

  /** Live arrays of all networks and learners of this process. Thread-safe. */
  public static int alive() {
    return TorchEngine.arraysAlive();
  }
}
