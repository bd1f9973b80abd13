package org.pneumostream.training;

/** The side of the split that a scan falls on. */
public enum Subset {
  /** Scans that the network learns from. */
  TRAINING,
  /** Scans that choose among epochs, and between candidate and champion. */
  VALIDATION,
  /** Scans that nothing is chosen by: the figures on them are the honest ones. */
  HOLDOUT
}
