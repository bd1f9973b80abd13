package org.pneumostream.training;

/** The side of the split that a scan falls on. */
public enum Subset {
  /** Scans that the network learns from. */
  TRAINING,
  /** Scans that decide between epochs, and between candidate and champion. */
  VALIDATION,
  /** Scans that no decision uses, so that figures on them are unbiased. */
  HOLDOUT
}
