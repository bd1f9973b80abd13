package org.pneumostream.ingest;

import java.io.IOException;

/** Counts the bytes that pass, and stops them where they become too many. For one thread. */
final class ByteLimit implements ObservedInput.Observer {

  /** More bytes have come than the limit allows. */
  static final class Exceeded extends IOException {
    private static final long serialVersionUID = 1L;

    Exceeded(String message) {
      super(message);
    }
  }

  private final String setting;
  private final long max;
  private long count;

  /**
   * @param setting key of the setting that the limit comes from, for the error message
   * @param max most bytes that may pass
   */
  ByteLimit(String setting, long max) {
    this.setting = setting;
    this.max = max;
  }

  @Override
  public void see(byte[] bytes, int offset, int passing) throws Exceeded {
    count += passing;
    if (count > max) {
      throw new Exceeded("the scan has more than " + max + " bytes (" + setting + ")");
    }
  }

  long count() {
    return count;
  }
}
