package org.pneumostream.classifier;

/** An unusable weights file or training state; the message says what is wrong, with which value. */
public final class ModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ModelException(String message) {
    super(message);
  }

  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
