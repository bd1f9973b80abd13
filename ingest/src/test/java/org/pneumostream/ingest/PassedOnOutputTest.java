package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PassedOnOutputTest {
  /** More than the buffers hold. */
  private static final byte[] BYTES = new byte[3_000_001];

  static {
    new Random(1).nextBytes(BYTES);
  }

  @Test
  void passesOnEveryByteInOrder() throws IOException {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (PassedOnOutput out = new PassedOnOutput(target)) {
      out.write(BYTES[0]);
      out.write(BYTES, 1, 100_000);
      out.write(BYTES, 100_001, BYTES.length - 100_001);
    }
    assertThat(target.toByteArray()).isEqualTo(BYTES);
  }

  @Test
  void doesNotBlockTheWriterWhileTheTargetIsBusy() throws Exception {
    CountDownLatch goesOn = new CountDownLatch(1);
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (PassedOnOutput out = new PassedOnOutput(waitingFor(goesOn, target))) {
      out.write(BYTES, 0, 200_000);
      goesOn.countDown();
    }
    assertThat(target.size()).isEqualTo(200_000);
  }

  @Test
  void reportsTheTargetsFailure() throws IOException {
    IOException full = new IOException("disk full");
    PassedOnOutput out = new PassedOnOutput(failing(full));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> out.write(BYTES)).isSameAs(full);
    assertThatNoException().isThrownBy(out::close);
  }

  @Test
  void reportsAFailureAtCloseIfNotBefore() throws IOException {
    IOException full = new IOException("disk full");
    PassedOnOutput out = new PassedOnOutput(failing(full));
    out.write(BYTES, 0, 10);
    assertThatExceptionOfType(IOException.class).isThrownBy(out::close).isSameAs(full);
  }

  private static OutputStream waitingFor(CountDownLatch latch, OutputStream target) {
    return new OutputStream() {
      @Override
      public void write(int one) {
        throw new AssertionError("one byte at a time");
      }

      @Override
      public void write(byte[] source, int offset, int count) throws IOException {
        try {
          latch.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        target.write(source, offset, count);
      }
    };
  }

  private static OutputStream failing(IOException failure) {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        throw failure;
      }
    };
  }
}
