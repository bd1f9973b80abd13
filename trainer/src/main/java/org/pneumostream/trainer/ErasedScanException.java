package org.pneumostream.trainer;

/** A scan that a run trains on was erased: the run is void. */
final class ErasedScanException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ErasedScanException() {
    super("a scan of the training set was erased");
  }
}
