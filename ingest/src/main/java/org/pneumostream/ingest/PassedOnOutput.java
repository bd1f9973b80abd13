package org.pneumostream.ingest;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Passes written bytes to the target on another thread, so that producing and consuming them
 * overlap. Closing it waits until all bytes have been passed on, and closes the target. For one
 * writing thread.
 */
final class PassedOnOutput extends OutputStream {
  private static final int AHEAD_BYTES = 256 << 10;
  private static final int PIECE_BYTES = 64 << 10;

  /** Grows with the number of targets; idle threads end. */
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "ingest-passing-on");
            thread.setDaemon(true);
            return thread;
          });

  private final PipedOutputStream ahead = new PipedOutputStream();
  private final CompletableFuture<Void> passedOn = new CompletableFuture<>();
  private boolean closed;

  PassedOnOutput(OutputStream target) throws IOException {
    PipedInputStream written = new PipedInputStream(ahead, AHEAD_BYTES);
    THREADS.execute(() -> passOn(written, target));
  }

  private void passOn(PipedInputStream written, OutputStream target) {
    try (written;
        target) {
      byte[] piece = new byte[PIECE_BYTES];
      for (int count = written.read(piece); count >= 0; count = written.read(piece)) {
        target.write(piece, 0, count);
      }
    } catch (Throwable e) {
      passedOn.completeExceptionally(e);
      return;
    }
    passedOn.complete(null);
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  /**
   * @throws IOException also if the target has failed on earlier bytes
   */
  @Override
  public void write(byte[] source, int offset, int count) throws IOException {
    try {
      for (int done = 0; done < count; done += PIECE_BYTES) {
        ahead.write(source, offset + done, Math.min(PIECE_BYTES, count - done));
        // Wakes a reader at once, which would otherwise wait for up to a second.
        ahead.flush();
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * @throws IOException if the target has failed and {@link #write} has not reported it
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    ahead.close();
    try {
      passedOn.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
