package org.pneumostream.training;

/**
 * How far an epoch is.
 *
 * @param epoch number of the epoch, from 1
 * @param epochs number of epochs that the run may last
 * @param step optimizer steps made in this epoch
 * @param steps optimizer steps of an epoch
 * @param loss mean training loss of the epoch's scans so far (nats)
 */
public record StepProgress(int epoch, int epochs, int step, int steps, double loss) {}
