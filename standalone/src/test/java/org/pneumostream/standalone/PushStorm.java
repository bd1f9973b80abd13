package org.pneumostream.standalone;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiWriter;

/**
 * Large scans pushed all at once, made as they are sent: each another one, every fourth gzipped.
 * Half of the clients ask before they send, the others just send. Whoever is told to come back
 * does, after the time that it is told.
 */
final class PushStorm {
  private static final int WIDTH = 512;
  private static final int SLICE_BYTES = WIDTH * WIDTH * Short.BYTES;
  private static final int NIFTI1_BYTES_BEFORE_VOXELS = 352;

  /** An answer: its status, and when to come back, in seconds, or -1. */
  record Answer(int status, int retryAfter) {
    boolean isTaken() {
      return status == 200 || status == 202;
    }
  }

  private final URL url;
  private final NiftiHeader header;
  private final short[] noise = new short[WIDTH * WIDTH];
  private final ConcurrentLinkedQueue<Answer> refusals = new ConcurrentLinkedQueue<>();

  /**
   * @param scanBytes size of each scan, uncompressed, in whole slices of half a MiB
   */
  PushStorm(int port, long scanBytes) throws IOException {
    url = new URL("http://127.0.0.1:" + port + "/scans");
    int slices = Math.toIntExact(scanBytes / SLICE_BYTES);
    header =
        NiftiHeader.builder(Datatype.INT16, WIDTH, WIDTH, slices).spacingMm(0.7, 0.7, 1).build();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (short) (random.nextInt(1400) - 1000);
    }
  }

  /** Pushes so many at once until each is taken; gives the answers that asked to come back. */
  List<Answer> rage(int pushes) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(pushes);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int seed = 0; seed < pushes; seed++) {
        int scan = seed;
        all.add(
            clients.submit(
                () -> {
                  pushUntilTaken(scan);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      return List.copyOf(refusals);
    } finally {
      clients.shutdownNow();
    }
  }

  private void pushUntilTaken(int seed) throws IOException, InterruptedException {
    for (Answer answer = push(seed); !answer.isTaken(); answer = push(seed)) {
      refusals.add(answer);
      if (answer.retryAfter() < 1) {
        throw new AssertionError("scan " + seed + ": " + answer);
      }
      Thread.sleep(Duration.ofSeconds(answer.retryAfter()).toMillis());
    }
  }

  private Answer push(int seed) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setDoOutput(true);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Content-Type", "application/octet-stream");
    boolean gzip = seed % 4 == 0;
    if (gzip) {
      connection.setChunkedStreamingMode(0);
    } else {
      connection.setFixedLengthStreamingMode(NIFTI1_BYTES_BEFORE_VOXELS + header.voxelBytes());
    }
    if (seed % 2 == 0) {
      connection.setRequestProperty("Expect", "100-continue");
    }
    try (OutputStream body = connection.getOutputStream();
        NiftiWriter writer = NiftiWriter.open(gzip ? fastGzip(body) : body, header)) {
      short[] slice = noise.clone();
      slice[0] = (short) seed;
      for (int k = 0; k < header.depth(); k++) {
        slice[1] = (short) k;
        writer.writeSlice(slice);
      }
    } catch (ProtocolException e) {
      // Not asked to send.
    }
    return new Answer(
        connection.getResponseCode(), connection.getHeaderFieldInt("Retry-After", -1));
  }

  private static OutputStream fastGzip(OutputStream out) throws IOException {
    return new GZIPOutputStream(out, 64 << 10) {
      {
        def.setLevel(Deflater.BEST_SPEED);
      }
    };
  }
}
