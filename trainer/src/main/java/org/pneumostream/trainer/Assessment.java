package org.pneumostream.trainer;

import java.util.Optional;

/**
 * How a model does on the scans of a training set that it did not learn from.
 *
 * @param validation what it says of the validation scans, which decide
 * @param holdout how well it does on the frozen holdout, which is only reported; empty if no scan
 *     lies there
 */
public record Assessment(Scores validation, Optional<Metrics> holdout) {}
