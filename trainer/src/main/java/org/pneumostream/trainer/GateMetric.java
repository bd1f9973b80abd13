package org.pneumostream.trainer;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What a candidate must be better in than the champion. */
public enum GateMetric {
  AUROC(Metrics::auroc, true),
  LOSS(Metrics::loss, false),
  ACCURACY(Metrics::accuracy, true);

  private final ToDoubleFunction<Metrics> figure;
  private final boolean higherIsBetter;

  GateMetric(ToDoubleFunction<Metrics> figure, boolean higherIsBetter) {
    this.figure = figure;
    this.higherIsBetter = higherIsBetter;
  }

  double of(Metrics metrics) {
    return figure.applyAsDouble(metrics);
  }

  boolean isBetter(double candidate, double champion) {
    return higherIsBetter ? candidate > champion : candidate < champion;
  }

  /** As the setting spells it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
