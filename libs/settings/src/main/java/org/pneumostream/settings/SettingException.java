package org.pneumostream.settings;

/**
 * An invalid setting: unknown, missing or out of range. It stops the start; the message names the
 * key.
 */
public final class SettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The message quotes the value, unless it may be an address that contains a login or a token. */
  public SettingException(String key, String value, String expected) {
    super(key + ": " + shown(value) + ", expected " + expected);
  }

  public SettingException(String message) {
    super(message);
  }

  private static String shown(String value) {
    return value.contains("@") || value.contains("?")
        ? "a value with '@' or '?' in it, not shown"
        : "'" + value + "'";
  }
}
