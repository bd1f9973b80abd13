package org.pneumostream.system;

import java.io.BufferedReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiWriter;

/**
 * A scan of 512×512 slices that is pushed over HTTP while it is generated, so that it is never in
 * memory as a whole. Like curl, the client reads while it sends.
 *
 * @param seed distinguishes the scans
 * @param slices half a MiB each
 * @param body format of the body
 * @param asks whether the client sends Expect: 100-continue
 */
record LargePush(int seed, int slices, Body body, boolean asks) {
  /** Formats: a NIfTI-1 file; the same gzipped, of unknown length; a JNIfTI file. */
  enum Body {
    NIFTI,
    GZIPPED,
    JNIFTI
  }

  private static final int WIDTH = 512;
  static final int SLICE_BYTES = WIDTH * WIDTH * Short.BYTES;
  private static final int NIFTI1_BYTES_BEFORE_VOXELS = 352;
  private static final int CONTINUE = 100;
  private static final int PATIENCE_MILLIS = 120_000;
  private static final int POLL_MILLIS = 10;
  private static final int BUFFER_BYTES = 64 << 10;

  /** An answer: its status, and the seconds in Retry-After, or 0. */
  record Answer(int status, int retryAfter) {
    boolean isTaken() {
      return status == 200 || status == 202;
    }
  }

  /**
   * Sends it.
   *
   * @param goOn polled after the first slice, until it returns true or an answer arrives
   */
  Answer send(int port, BooleanSupplier goOn) throws IOException, InterruptedException {
    NiftiHeader header =
        NiftiHeader.builder(Datatype.INT16, WIDTH, WIDTH, slices).spacingMm(0.7, 0.7, 1).build();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      InputStream in = socket.getInputStream();
      socket.getOutputStream().write(head(header).getBytes(StandardCharsets.US_ASCII));
      Answer first = asks ? answer(in) : new Answer(CONTINUE, 0);
      if (first.status() != CONTINUE) {
        return first;
      }
      try {
        write(header, socket.getOutputStream(), in, goOn);
      } catch (SocketException e) {
        // The server closed the connection; its answer has arrived before.
      }
      return answer(in);
    }
  }

  private String head(NiftiHeader header) {
    return "POST /scans HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + (asks ? "Expect: 100-continue\r\n" : "")
        + switch (body) {
          case NIFTI -> "Content-Length: " + (NIFTI1_BYTES_BEFORE_VOXELS + header.voxelBytes());
          case GZIPPED -> "Transfer-Encoding: chunked";
          case JNIFTI ->
              "Content-Length: " + (jniftiBeforeVoxels().length + header.voxelBytes() + 1);
        }
        + "\r\n\r\n";
  }

  /** Binary JData: an object with one packed array of int16, its first axis fastest. */
  private byte[] jniftiBeforeVoxels() {
    ByteBuffer start = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    start.put("{U\tNIFTIData[$I#[[".getBytes(StandardCharsets.US_ASCII));
    for (int length : new int[] {WIDTH, WIDTH, slices}) {
      start.put((byte) 'l').putInt(length);
    }
    start.put("]]".getBytes(StandardCharsets.US_ASCII));
    return Arrays.copyOf(start.array(), start.position());
  }

  /** Sends the body, until an answer arrives. */
  private void write(NiftiHeader header, OutputStream out, InputStream in, BooleanSupplier goOn)
      throws IOException, InterruptedException {
    OutputStream target = body == Body.GZIPPED ? fastGzip(new Chunks(out)) : out;
    if (body == Body.JNIFTI) {
      target.write(jniftiBeforeVoxels());
    }
    NiftiWriter writer = NiftiWriter.open(body == Body.JNIFTI ? behind(target) : target, header);
    short[] slice = new short[WIDTH * WIDTH];
    // Noise, which gzip hardly compresses.
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < slice.length; i++) {
      slice[i] = (short) (random.nextInt(1400) - 1000);
    }
    for (int k = 0; k < slices; k++) {
      if (in.available() > 0) {
        return;
      }
      slice[0] = (short) k;
      writer.writeSlice(slice);
      while (k == 0 && !goOn.getAsBoolean() && in.available() == 0) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
    if (body == Body.GZIPPED) {
      target.close();
    } else if (body == Body.JNIFTI) {
      target.write('}');
    }
  }

  /** Passes on what follows a NIfTI header. */
  private static OutputStream behind(OutputStream target) {
    return new FilterOutputStream(target) {
      private int before = NIFTI1_BYTES_BEFORE_VOXELS;

      @Override
      public void write(byte[] bytes, int offset, int count) throws IOException {
        int skipped = Math.min(before, count);
        before -= skipped;
        out.write(bytes, offset + skipped, count - skipped);
      }
    };
  }

  private static OutputStream fastGzip(OutputStream out) throws IOException {
    return new GZIPOutputStream(out, BUFFER_BYTES) {
      {
        def.setLevel(Deflater.BEST_SPEED);
      }
    };
  }

  private static Answer answer(InputStream in) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
    String first = lines.readLine();
    if (first == null) {
      throw new IOException("hung up on without an answer");
    }
    int retryAfter = 0;
    for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
      if (line.startsWith("Retry-After: ")) {
        retryAfter = Integer.parseInt(line.substring("Retry-After: ".length()));
      }
    }
    return new Answer(Integer.parseInt(first.split(" ")[1]), retryAfter);
  }

  /** HTTP's chunked coding; closing it ends the body and leaves the connection open. */
  private static final class Chunks extends FilterOutputStream {
    Chunks(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(bytes, offset, count);
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
  }
}
