package org.pneumostream.training;

import java.util.Locale;

/** The metric in which a candidate must be better than the champion. */
public enum GateMetric {
  AUROC,
  LOSS,
  ACCURACY;

  double of(Metrics metrics) {
    return switch (this) {
      case AUROC -> metrics.auroc();
      case LOSS -> metrics.loss();
      case ACCURACY -> metrics.accuracy();
    };
  }

  boolean isBetter(double candidate, double champion) {
    return this == LOSS ? candidate < champion : candidate > champion;
  }

  /** The spelling in the setting. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
