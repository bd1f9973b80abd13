package org.pneumostream.phantom;

import java.util.Locale;

/** Whether a phantom's lungs carry ground-glass opacities. */
public enum PhantomFinding {
  NORMAL,
  ABNORMAL;

  /** As the command line and the folders of a training set spell it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
