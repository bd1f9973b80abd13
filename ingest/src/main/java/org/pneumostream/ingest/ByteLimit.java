package org.pneumostream.ingest;

import java.io.IOException;

/** Counts bytes and fails when they exceed a limit. For one thread. */
final class ByteLimit implements ObservedInput.Observer {

  /** More bytes have arrived than the limit allows. */
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
   * @param setting key of the limit's setting, for the error message
   * @param max most bytes allowed
   */
  ByteLimit(String setting, long max) {
    this.setting = setting;
    this.max = max;
  }

  @Override
  public void see(byte[] bytes, int offset, int passing) throws Exceeded {
    count += passing;
    if (count > max) {
      throw new Exceeded("scan is larger than " + max + " bytes (" + setting + ")");
    }
  }

  long count() {
    return count;
  }
}
