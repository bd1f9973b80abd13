package org.pneumostream.classifier;

/** A weights file or a saved training state that cannot be used; the message says what and why. */
public final class ModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ModelException(String message) {
    super(message);
  }

  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
