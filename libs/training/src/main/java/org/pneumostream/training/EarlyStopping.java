package org.pneumostream.training;

/**
 * Ends a run if validation accuracy has not risen for a number of epochs, as Keras'
 * EarlyStopping(monitor="val_acc") does. A tie does not count as a rise.
 */
final class EarlyStopping {
  private final int patience;
  private double best = Double.NEGATIVE_INFINITY;
  private int waited;

  /**
   * @param patience epochs without a rise after which a run ends; 0 for never
   */
  EarlyStopping(int patience) {
    this.patience = patience;
  }

  /**
   * Adds the next epoch's validation accuracy; returns true if the run should end with that epoch.
   */
  boolean isOver(double validationAccuracy) {
    if (validationAccuracy > best) {
      best = validationAccuracy;
      waited = 0;
    } else {
      waited++;
    }
    return patience > 0 && waited >= patience;
  }
}
