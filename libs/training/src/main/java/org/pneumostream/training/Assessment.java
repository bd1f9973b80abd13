package org.pneumostream.training;

import java.util.function.Predicate;

/**
 * What a model says of the scans of a training set that it did not learn from.
 *
 * @param validation of the validation scans, which decide
 * @param holdout of the frozen holdout, which is only reported
 */
public record Assessment(Scores validation, Scores holdout) {
  /** What it says of some of the scans. */
  public Assessment of(Predicate<Example> wanted) {
    return new Assessment(validation.of(wanted), holdout.of(wanted));
  }
}
