package org.pneumostream.preprocessing;

import java.io.IOException;

/** A scan that can be read but not processed; the message says why. */
public final class PreprocessingException extends IOException {

  private static final long serialVersionUID = 1L;

  PreprocessingException(String field, Object value, String expected) {
    this("%s is %s, expected %s".formatted(field, value, expected));
  }

  PreprocessingException(String message) {
    super(message);
  }
}
