package org.pneumostream.classifier;

/**
 * What one training step saw, before it changed the weights.
 *
 * @param loss binary cross-entropy, mean over the batch, in nats
 * @param probabilities of ABNORMAL of each volume, in training mode (batch statistics, dropout)
 * @param learningRate the step was made with
 */
public record StepResult(float loss, float[] probabilities, double learningRate) {}
