package org.pneumostream.classifier;

/**
 * Result of one training step, computed before it changed the weights.
 *
 * @param loss binary cross-entropy, mean over the batch, in nats
 * @param probabilities of ABNORMAL of each volume, in training mode (batch statistics, dropout)
 * @param learningRate learning rate of the step
 */
public record StepResult(float loss, float[] probabilities, double learningRate) {}
