package org.pneumostream.training;

/** A training run is not possible with these scans; the message says why. */
public final class TrainingRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TrainingRefusedException(String message) {
    super(message);
  }

  public TrainingRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
