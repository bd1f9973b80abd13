package org.pneumostream.service;

/** A setting that stops the start: unknown, missing or out of range. The message names the key. */
public final class SettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public SettingException(String key, String value, String expected) {
    super(key + ": '" + value + "', expected " + expected);
  }

  public SettingException(String message) {
    super(message);
  }
}
