package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.pneumostream.runtime.Service;
import org.pneumostream.system.Monitoring.Documented;

/** docs/metrics.md lists the services' metrics, and rules and dashboard use no others. */
interface MetricsBehaviour extends SystemUnderTest {
  /** Labels and series that Prometheus adds itself. */
  Set<String> PROMETHEUS_LABELS = Set.of("job", "instance", "alertstate");

  Set<String> PROMETHEUS_SERIES = Set.of("up", "ALERTS");

  @Test
  default void metricsAreCorrectAndDocumented(TestInfo test) throws Exception {
    Path inbox = Files.createDirectories(directory().resolve("inbox"));
    Map<String, String> settings =
        Map.of(
            "watch", inbox.toString(),
            "watch-settle", "1 ms",
            "alert-threshold", "0",
            "partitions", "1");
    try (RunningSystem system = system(test, settings).start();
        var producer = system.kafka().producer(Map.of())) {
      system.publishModel(1);
      for (int seed = 0; seed < 3; seed++) {
        system.push(SmallPhantom.file(seed));
      }
      String id = system.push(SmallPhantom.file(0));
      system.label(id, "normal");
      assertThat(system.post("/scans", "junk".getBytes(StandardCharsets.UTF_8)).statusCode())
          .isEqualTo(400);
      Files.write(inbox.resolve("scan.nii.gz"), SmallPhantom.file(3));
      // A malformed volume, for the scorer and for the join with its label.
      String volumes = system.topics().volumes().name();
      producer.send(new ProducerRecord<>(volumes, "junk", new byte[] {1})).get();
      system.trainer().trainNow();

      Map<String, Scrape> scrapes = awaitCounted(system);

      Scrape ingest = scrapes.get("ingest");
      assertThat(ingest.sum("pneumostream_scans_received_total", "")).isEqualTo(6);
      assertThat(
              ingest.sum(
                  "pneumostream_scans_received_total", "outcome=accepted,source=watched-folder"))
          .isEqualTo(1);
      assertThat(ingest.sum("pneumostream_scans_received_total", "outcome=duplicate")).isEqualTo(1);
      assertThat(
              ingest.sum("pneumostream_scans_received_total", "outcome=rejected,reason=not-a-scan"))
          .isEqualTo(1);
      for (String stage : Set.of("preprocess-stream", "scorer")) {
        Scrape scrape = scrapes.get(stage);
        assertThat(scrape.sum("pneumostream_scans_processed_total", "stage=" + stage)).isEqualTo(4);
        assertThat(
                scrape.sum(
                    "pneumostream_dead_letters_total",
                    "stage=" + stage + ",reason=SerializationException"))
            .isEqualTo(1);
      }
      Scrape scorer = scrapes.get("scorer");
      assertThat(scorer.sum("pneumostream_alerts_total", "")).isEqualTo(4);
      assertThat(scorer.sum("pneumostream_prediction_latency_seconds_count", "")).isEqualTo(4);
      assertThat(scorer.sum("pneumostream_model_info", "model=pneumonia,version=1")).isEqualTo(1);
      assertDocumented(scrapes);
      assertAskedForNothingElse(scrapes);
    }
  }

  /** Waits until everything has been counted, and metrics of Kafka's clients are registered. */
  private static Map<String, Scrape> awaitCounted(RunningSystem system) throws Exception {
    Instant end = Instant.now().plus(RunningSystem.PATIENCE);
    while (true) {
      Map<String, Scrape> scrapes = new LinkedHashMap<>();
      for (Service service : system.services()) {
        scrapes.put(service.name(), Scrape.of(system.get(service, "/metrics").body()));
      }
      boolean isAll =
          scrapes.get("scorer").sum("pneumostream_scans_processed_total", "") == 4
              && scrapes.get("scorer").sum("pneumostream_dead_letters_total", "") == 1
              && scrapes.get("preprocess-stream").sum("pneumostream_dead_letters_total", "") == 1
              && scrapes.get("trainer").sum("pneumostream_training_runs_total", "") == 1
              && Monitoring.documented().stream()
                  .filter(row -> row.metric().startsWith("kafka_"))
                  .allMatch(
                      row ->
                          row.services().stream()
                              .allMatch(
                                  service ->
                                      scrapes.get(service).types().containsKey(row.metric())));
      if (isAll) {
        return scrapes;
      }
      assertThat(Instant.now()).as("counts of " + scrapes.keySet()).isBefore(end);
    }
  }

  private static void assertDocumented(Map<String, Scrape> scrapes) throws IOException {
    for (Documented row : Monitoring.documented()) {
      for (String service : row.services()) {
        Scrape scrape = scrapes.get(service);
        assertThat(scrape.types().get(row.metric()))
            .as("type of %s of %s", row.metric(), service)
            .isEqualTo(row.type());
        assertThat(scrape.tagsOf(row.metric()))
            .as("tags of %s of %s", row.metric(), service)
            .isEqualTo(row.tags());
      }
    }
    for (Map.Entry<String, Scrape> scrape : scrapes.entrySet()) {
      Set<String> documented =
          Monitoring.documented().stream()
              .filter(row -> row.services().contains(scrape.getKey()))
              // Micrometer adds a recent maximum to each histogram.
              .flatMap(row -> Set.of(row.metric(), row.metric() + "_max").stream())
              .collect(Collectors.toSet());
      assertThat(documented)
          .containsAll(
              scrape.getValue().types().keySet().stream()
                  .filter(name -> name.startsWith("pneumostream_"))
                  .toList());
      assertThat(scrape.getValue().samples())
          .allSatisfy(
              sample -> {
                assertThat(sample.tags()).containsEntry("service", scrape.getKey());
                // Kafka reports each topic under a second name, too.
                assertThat(sample.tags().getOrDefault("topic", ".")).contains(".");
              });
    }
  }

  private static void assertAskedForNothingElse(Map<String, Scrape> scrapes) throws IOException {
    Map<String, Set<String>> labels = new LinkedHashMap<>();
    scrapes.values().stream()
        .flatMap(scrape -> scrape.samples().stream())
        .forEach(
            sample ->
                labels
                    .computeIfAbsent(sample.name(), name -> new HashSet<>(PROMETHEUS_LABELS))
                    .addAll(sample.tags().keySet()));
    PROMETHEUS_SERIES.forEach(name -> labels.put(name, PROMETHEUS_LABELS));
    Monitoring.recorded()
        .forEach((name, expression) -> labels.put(name, PromQl.of(expression).labels()));
    assertThat(Monitoring.expressions()).hasSizeGreaterThan(60);
    for (String expression : Monitoring.expressions()) {
      PromQl asked = PromQl.of(expression);
      assertThat(labels.keySet()).as(expression).containsAll(asked.metrics());
      Set<String> known = new TreeSet<>();
      asked.metrics().forEach(metric -> known.addAll(labels.get(metric)));
      assertThat(known).as(expression).containsAll(asked.labels());
    }
  }
}
