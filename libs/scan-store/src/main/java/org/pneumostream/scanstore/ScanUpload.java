package org.pneumostream.scanstore;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.pneumostream.schemas.Reference;

/**
 * An object of a scan store while its bytes arrive, in a file of its own until it is complete.
 * Closing it before {@link #commit} leaves nothing behind. For one thread.
 */
public final class ScanUpload extends OutputStream {
  /** Adds a complete file, synced to disk, to the store. */
  @FunctionalInterface
  interface Keeping {
    Reference keep(Path file, String scanId, long length, String sha256) throws IOException;
  }

  private final Path partial;
  private final Keeping keeping;
  private final FileChannel file;
  private final MessageDigest sha256 = CheckedInput.sha256();
  private long length;

  ScanUpload(Path partial, Keeping keeping) throws IOException {
    this.partial = partial;
    this.keeping = keeping;
    this.file = FileChannel.open(partial, StandardOpenOption.WRITE);
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(source, offset, count);
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    sha256.update(source, offset, count);
    length += count;
  }

  /**
   * Adds the object to the store.
   *
   * @param scanId id of the bytes' scan, 64 lowercase hex digits
   * @return reference to the object
   * @throws IOException if the store does not accept it
   */
  public Reference commit(String scanId) throws IOException {
    file.force(true);
    file.close();
    return keeping.keep(partial, scanId, length, HexFormat.of().formatHex(sha256.digest()));
  }

  @Override
  public void close() throws IOException {
    file.close();
    Files.deleteIfExists(partial);
  }
}
