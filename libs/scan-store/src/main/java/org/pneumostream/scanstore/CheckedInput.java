package org.pneumostream.scanstore;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.pneumostream.schemas.Reference;

/**
 * An object's bytes, compared with the reference at the end of the stream. A failure to read them
 * is reported as the store's.
 */
final class CheckedInput extends FilterInputStream {
  private static final int BUFFER_BYTES = 1 << 16;

  private final MessageDigest sha256 = sha256();
  private final Reference reference;
  private long length;
  private boolean done;

  CheckedInput(InputStream in, Reference reference) {
    super(in);
    this.reference = reference;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    int read;
    try {
      read = super.read(target, offset, count);
    } catch (IOException e) {
      throw new ScanStoreAwayException(reference.getUri(), e);
    }
    if (read > 0) {
      sha256.update(target, offset, read);
      length += read;
    } else if (read < 0 && !done) {
      done = true;
      check();
    }
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] skipped = new byte[(int) Math.min(count, BUFFER_BYTES)];
    return Math.max(0, read(skipped));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void check() throws IOException {
    String found = HexFormat.of().formatHex(sha256.digest());
    if (length != reference.getLength() || !found.equals(reference.getSha256())) {
      throw new ScanDamagedException(reference, length, found);
    }
  }
}
