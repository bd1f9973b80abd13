package org.pneumostream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A storm of pushes on an ingest of its own JVM, and the account of it. */
final class PushStormRun {
  private final EmbeddedCluster cluster;
  private final Path directory;
  private final String topicPrefix;

  PushStormRun(EmbeddedCluster cluster, Path directory, String topicPrefix) {
    this.cluster = cluster;
    this.directory = directory;
    this.topicPrefix = topicPrefix;
  }

  void run(String heap, int pushes, long scanBytes, long residentBytes, Map<String, String> more)
      throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap-servers", cluster.bootstrapServers());
    settings.put("schema-registry-url", cluster.registryUrl());
    settings.put("topic-prefix", topicPrefix);
    settings.put("data-dir", directory.toString());
    settings.putAll(more);
    try (IngestProcess ingest = new IngestProcess(heap, settings).awaitReady()) {
      long before = ingest.peakResident();
      List<PushStorm.Answer> refusals = new PushStorm(ingest.port(), scanBytes).rage(pushes);
      System.out.printf(
          "%d MB before, %d MB after, %d refusals%n",
          before >> 20, ingest.peakResident() >> 20, refusals.size());
      assertThat(refusals).extracting(PushStorm.Answer::status).containsOnly(429);
      assertThat(ingest.peakResident()).isLessThan(residentBytes);
      assertThat(ingest.isReady()).isTrue();
    }
    try (RunningSystem client =
        new RunningSystem(
            cluster.bootstrapServers(), cluster.registryUrl(), topicPrefix, directory, Map.of())) {
      assertThat(client.records(client.topics().scans()))
          .hasSize(pushes)
          .extracting(ConsumerRecord::key)
          .doesNotHaveDuplicates();
    }
    try (Stream<Path> store = Files.list(directory.resolve("scan-store"))) {
      assertThat(store).hasSize(pushes).noneMatch(file -> file.toString().endsWith(".part"));
    }
  }
}
