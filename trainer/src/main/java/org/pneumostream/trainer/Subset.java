package org.pneumostream.trainer;

/** The side of the split that a scan falls on. */
public enum Subset {
  TRAINING,
  VALIDATION
}
