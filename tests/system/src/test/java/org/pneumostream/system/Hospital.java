package org.pneumostream.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.pneumostream.ingest.IngestConfig;
import org.pneumostream.schemas.Finding;

/**
 * Pushes scans, each with its finding, concurrently, and repeats each push until it is accepted.
 */
final class Hospital implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final Duration AGAIN_AFTER = Duration.ofMillis(500);

  /** Every scan with a multiple of this number goes to the scan store. */
  private static final int LARGE_EVERY = 3;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService pushes = Executors.newCachedThreadPool();
  private final URI ingest;
  private final long seed;
  private final Map<String, Finding> taken = new ConcurrentHashMap<>();
  private final Map<String, Integer> troubles = new TreeMap<>();
  private Throwable failure;
  private int begun;
  private int storeRefusals;

  /**
   * @param seed of the scans
   */
  Hospital(RunningSystem system, long seed) {
    int port = system.settings().get(IngestConfig.INGEST_PORT);
    this.ingest = URI.create("http://127.0.0.1:" + port + "/scans");
    this.seed = seed;
  }

  /** Starts to push one more scan. */
  synchronized void push() {
    push(begun % LARGE_EVERY == 0);
  }

  private synchronized void push(boolean isLarge) {
    int number = begun++;
    pushes.execute(() -> pushUntilTaken(number, isLarge));
  }

  /** Waits until all are accepted. */
  synchronized void awaitTaken(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (taken.size() < begun) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0 || failure != null) {
        throw new AssertionError(
            "%d of %d scans taken, %s".formatted(taken.size(), begun, troubles), failure);
      }
      wait(left);
    }
  }

  /** Starts to push one more scan for the scan store, and waits until the store has refused one. */
  synchronized void pushUntilStoreRefuses(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    int before = storeRefusals;
    push(true);
    while (storeRefusals == before) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("the disk is full, and no push was refused: " + troubles);
      }
      wait(left);
    }
  }

  /** Findings of the accepted scans, by id. */
  Map<String, Finding> taken() {
    return Map.copyOf(taken);
  }

  /** Number of repeated pushes, by reason. */
  synchronized Map<String, Integer> troubles() {
    return new TreeMap<>(troubles);
  }

  @Override
  public void close() {
    pushes.shutdownNow();
  }

  private void pushUntilTaken(int number, boolean isLarge) {
    try {
      // Scans of different seeds differ.
      long phantom = seed * 10_000 + number;
      byte[] file = isLarge ? SmallPhantom.larger(phantom) : SmallPhantom.file(phantom);
      Finding finding = phantom % 2 == 0 ? Finding.NORMAL : Finding.ABNORMAL;
      while (!isTaken(file, finding)) {
        Thread.sleep(AGAIN_AFTER.toMillis());
      }
    } catch (IOException | RuntimeException | AssertionError e) {
      failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isTaken(byte[] file, Finding finding) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(ingest + "?label=" + finding.toString().toLowerCase()))
            .timeout(ANSWER)
            .POST(HttpRequest.BodyPublishers.ofByteArray(file))
            .build();
    HttpResponse<String> answer;
    try {
      answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      trouble(e.getClass().getSimpleName(), "");
      return false;
    }
    if (answer.statusCode() == 200 || answer.statusCode() == 202) {
      take(RunningSystem.scanId(answer), finding);
      return true;
    }
    if (answer.statusCode() != 503 && answer.statusCode() != 429) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    trouble(Integer.toString(answer.statusCode()), answer.body());
    return false;
  }

  private synchronized void take(String scanId, Finding finding) {
    taken.put(scanId, finding);
    notifyAll();
  }

  private synchronized void trouble(String what, String said) {
    troubles.merge(what, 1, Integer::sum);
    if (said.contains("scan store")) {
      storeRefusals++;
      notifyAll();
    }
  }

  private synchronized void failed(Throwable e) {
    failure = e;
    notifyAll();
  }
}
