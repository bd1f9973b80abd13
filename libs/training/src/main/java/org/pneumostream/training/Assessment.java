package org.pneumostream.training;

import java.util.function.Predicate;

/**
 * A model's scores on the scans of a training set that it did not learn from.
 *
 * @param validation scores of the validation scans, which decide
 * @param holdout scores of the holdout, which are only reported
 */
public record Assessment(Scores validation, Scores holdout) {
  /** The scores of a selection of the scans. */
  public Assessment of(Predicate<Example> wanted) {
    return new Assessment(validation.of(wanted), holdout.of(wanted));
  }
}
