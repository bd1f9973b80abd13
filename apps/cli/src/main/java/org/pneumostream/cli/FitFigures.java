package org.pneumostream.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.terminal.AvroJson;
import org.pneumostream.training.Assessment;
import org.pneumostream.training.Evaluation;
import org.pneumostream.training.HistogramBaseline;
import org.pneumostream.training.Metrics;
import org.pneumostream.training.Scores;
import org.pneumostream.training.Subset;
import org.pneumostream.training.TrainingConfig;
import org.pneumostream.training.TrainingSet;

/**
 * A fitted network's metrics on scans that it did not learn from, compared with a baseline.
 *
 * @param subset side of the split
 * @param network the network's metrics
 * @param histogram accuracy of a logistic regression on the scans' histograms, 0 to 1
 */
record FitFigures(Subset subset, Metrics network, double histogram) {

  /** The metrics on the validation scans and, if there are any, on the holdout. */
  static List<FitFigures> of(TrainingConfig config, TrainingSet set, ModelWeights weights) {
    Assessment assessment = new Evaluation(config, set, () -> false).of(weights);
    HistogramBaseline histogram =
        HistogramBaseline.fit(set, set.examples(config.split(), Subset.TRAINING));
    List<FitFigures> figures = new ArrayList<>();
    figures.add(of(Subset.VALIDATION, assessment.validation(), histogram, set));
    if (!assessment.holdout().examples().isEmpty()) {
      figures.add(of(Subset.HOLDOUT, assessment.holdout(), histogram, set));
    }
    return figures;
  }

  private static FitFigures of(
      Subset subset, Scores scores, HistogramBaseline histogram, TrainingSet set) {
    return new FitFigures(subset, scores.metrics(), histogram.accuracy(set, scores.examples()));
  }

  String name() {
    return subset.name().toLowerCase(Locale.ROOT);
  }

  Map<String, Object> toJson() {
    Map<String, Object> object = new LinkedHashMap<>(AvroJson.object(network.toRecord()));
    object.put("histogramAccuracy", histogram);
    return object;
  }

  /** Two lines. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s, %d scans: accuracy %.3f, AUROC %.3f, sensitivity %.3f, specificity %.3f, loss %.4f%n"
            + "  accuracy of a logistic regression on the histogram alone: %.3f",
        name(),
        network.scans(),
        network.accuracy(),
        network.auroc(),
        network.sensitivity(),
        network.specificity(),
        network.loss(),
        histogram);
  }
}
