package org.pneumostream.training;

/** A training run that cannot be made of these scans; the message says why. */
public final class TrainingRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TrainingRefusedException(String message) {
    super(message);
  }

  public TrainingRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
