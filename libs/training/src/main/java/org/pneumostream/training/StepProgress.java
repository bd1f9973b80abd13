package org.pneumostream.training;

/**
 * Progress within an epoch.
 *
 * @param epoch number of the epoch, from 1
 * @param epochs most epochs of the run
 * @param step optimizer steps made in this epoch
 * @param steps optimizer steps of an epoch
 * @param loss mean training loss of the epoch's scans so far (nats)
 */
public record StepProgress(int epoch, int epochs, int step, int steps, double loss) {}
