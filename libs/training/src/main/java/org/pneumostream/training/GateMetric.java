package org.pneumostream.training;

import java.util.Locale;

/** What a candidate must be better in than the champion. */
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

  /** As the setting spells it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
