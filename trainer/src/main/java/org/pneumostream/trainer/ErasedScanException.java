package org.pneumostream.trainer;

/** A scan of a run's training set was erased, so the run is void. */
final class ErasedScanException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ErasedScanException() {
    super("a scan of the training set was erased");
  }
}
