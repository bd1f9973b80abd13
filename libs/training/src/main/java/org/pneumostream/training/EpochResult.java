package org.pneumostream.training;

import java.util.Locale;

/**
 * Results of one epoch.
 *
 * @param epoch number of the epoch, from 1
 * @param epochs most epochs of the run
 * @param loss mean training loss (binary cross-entropy, nats)
 * @param accuracy training accuracy, in training mode
 * @param validation metrics on the validation scans after the epoch
 * @param learningRate learning rate of the last step
 * @param seconds duration of the epoch including validation, in s
 */
public record EpochResult(
    int epoch,
    int epochs,
    double loss,
    double accuracy,
    Metrics validation,
    double learningRate,
    double seconds) {

  /** One line, as Keras prints it. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "epoch %d/%d: loss %.4f, accuracy %.4f, validation loss %.4f, validation accuracy %.4f,"
            + " auroc %.4f, %.1f s",
        epoch,
        epochs,
        loss,
        accuracy,
        validation.loss(),
        validation.accuracy(),
        validation.auroc(),
        seconds);
  }
}
