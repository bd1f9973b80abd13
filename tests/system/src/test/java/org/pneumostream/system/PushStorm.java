package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.pneumostream.standalone.EmbeddedCluster;
import org.pneumostream.system.LargePush.Body;

/**
 * Pushes large scans concurrently to an ingest in its own JVM, and checks the results. Every fourth
 * is gzipped, every fourth is JNIfTI and half as large, and half of the clients send Expect:
 * 100-continue. No client sends more than a slice before one has been refused. Refused clients
 * retry after the time in the answer.
 *
 * @param heap of ingest, as for {@code -Xmx}; direct buffers may take as much
 * @param pushes number of concurrent pushes, more than ingest accepts
 * @param scanBytes size of each scan, uncompressed
 */
record PushStorm(String heap, int pushes, long scanBytes) {

  void rage(EmbeddedCluster cluster, Path directory, Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(cluster.settings());
    settings.put("topic-prefix", "storm.");
    settings.put("data-dir", directory.toString());
    settings.putAll(more);
    try (IngestProcess ingest = new IngestProcess(heap, settings).awaitReady()) {
      List<LargePush.Answer> refusals = pushAll(ingest.port());

      assertThat(refusals)
          .isNotEmpty()
          .allSatisfy(refusal -> assertThat(refusal.status()).isIn(429, 503));
      assertThat(ingest.isReady()).isTrue();
    }
    try (RunningSystem client =
        new RunningSystem(
            cluster.bootstrapServers(), cluster.registryUrl(), "storm.", directory, Map.of())) {
      assertThat(client.records(client.topics().scans()))
          .hasSize(pushes)
          .extracting(ConsumerRecord::key)
          .doesNotHaveDuplicates();
    }
    try (Stream<Path> store = Files.list(directory.resolve("scan-store"))) {
      assertThat(store.map(Path::toString).filter(file -> !file.endsWith("/owner")))
          .hasSize(pushes)
          .noneMatch(file -> file.endsWith(".part"));
    }
  }

  /** Returns the answers that asked clients to retry. */
  private List<LargePush.Answer> pushAll(int port) throws Exception {
    ConcurrentLinkedQueue<LargePush.Answer> refusals = new ConcurrentLinkedQueue<>();
    ExecutorService clients = Executors.newFixedThreadPool(pushes);
    try {
      List<Future<?>> all = new ArrayList<>();
      int slices = Math.toIntExact(scanBytes / LargePush.SLICE_BYTES);
      for (int seed = 0; seed < pushes; seed++) {
        LargePush push =
            switch (seed % 4) {
              case 0 -> new LargePush(seed, slices, Body.GZIPPED, seed % 8 == 0);
              case 1 -> new LargePush(seed, slices / 2, Body.JNIFTI, seed % 8 == 1);
              default -> new LargePush(seed, slices, Body.NIFTI, seed % 4 == 2);
            };
        all.add(
            clients.submit(
                () -> {
                  untilTaken(push, port, refusals);
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

  private static void untilTaken(
      LargePush push, int port, ConcurrentLinkedQueue<LargePush.Answer> refusals)
      throws IOException, InterruptedException {
    LargePush.Answer answer;
    while (!(answer = push.send(port, () -> !refusals.isEmpty())).isTaken()) {
      refusals.add(answer);
      assertThat(answer.retryAfter()).as(push + ": " + answer).isPositive();
      Thread.sleep(Duration.ofSeconds(answer.retryAfter()).toMillis());
    }
  }
}
