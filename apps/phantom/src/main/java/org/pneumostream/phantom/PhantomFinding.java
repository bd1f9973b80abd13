package org.pneumostream.phantom;

import java.util.Locale;

/** Whether a phantom's lungs carry ground-glass opacities. */
public enum PhantomFinding {
  NORMAL,
  ABNORMAL;

  /** The spelling of the command line and of a training set's folders. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
