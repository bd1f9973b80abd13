package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.cli.Execution;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.scanstore.DirectoryScanStore;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.Reference;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.schemas.Volume;
import org.pneumostream.settings.Settings;
import org.pneumostream.support.SampleRecords;

/** {@code erase} on records of a cluster without services. */
class EraseCommandIT extends OnEmbeddedCluster {
  private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir static Path directory;
  private static KafkaConnection kafka;
  private static ScanStore store;

  @BeforeAll
  static void open() throws IOException {
    kafka = KafkaSettings.connectionWithTopics(Settings.of(AllSettings.ALL, cluster.settings()));
    store = new DirectoryScanStore(directory.resolve("services").resolve("scan-store"));
    // As ingest does at start, since an empty store counts as unavailable.
    store.owner("this test's");
  }

  @Test
  void reportsTheModelVersionsThatHaveSeenTheScan() throws Exception {
    String id = "1a".repeat(32);
    long offset = send(labeled(id)).offset();
    int partition = send(labeled(id)).partition();
    // Compaction may have removed the first of the two: versions 1 to 3 came after the scan.
    send(version("1", partition, offset + 2, RECEIVED.plusSeconds(1)));
    send(version("2", partition, 0, RECEIVED.plusSeconds(1)));
    send(version("3", partition, offset + 1, RECEIVED.plusSeconds(1)));
    send(version("4", partition, 0, RECEIVED.minusSeconds(1)));

    var json = erase(id, "--json").json();

    assertThat(json.get("scanId").asText()).isEqualTo(id);
    assertThat(json.get("topics").toString()).isEqualTo("[\"pneumostream.labeled-volumes\"]");
    assertThat(json.get("files").asInt()).isZero();
    assertThat(json.get("seenBy").toString()).isEqualTo("[\"1\",\"3\"]");
    assertThat(json.get("maybeSeenBy").toString()).isEqualTo("[\"2\"]");
  }

  @Test
  void anInterruptedErasureCanBeRepeated() throws Exception {
    String id = "2b".repeat(32);
    Reference reference = store.put(id, new ByteArrayInputStream(new byte[100]));
    send(kafka.topics().scans().record(id, scan(reference)));
    // The state after an erasure that ended before its transaction.
    store.remove(id, List.of(reference));

    Execution execution = erase(id);

    assertThat(execution.status()).describedAs(execution.err()).isZero();
    assertThat(execution.outLines())
        .containsExactly(
            "erased from topics       pneumostream.scans",
            "files removed            0",
            "seen by model versions   none",
            "maybe seen by            none");
    assertNothingIsKnownOf(id);
  }

  @Test
  void removesAFileWhoseRecordHasExpired() throws Exception {
    String id = "3c".repeat(32);
    store.put(id, new ByteArrayInputStream(new byte[100]));

    assertThat(erase(id, "--json").json().get("files").asInt()).isEqualTo(1);
    assertNothingIsKnownOf(id);
  }

  @Test
  void erasesNothingIfTheFileIsInAnotherStore() throws Exception {
    String id = "4d".repeat(32);
    Reference elsewhere =
        new DirectoryScanStore(directory.resolve("elsewhere"))
            .put(id, new ByteArrayInputStream(new byte[100]));
    send(kafka.topics().scans().record(id, scan(elsewhere)));

    Execution execution = erase(id);

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.errLines())
        .containsExactly(
            "erase: scan store: the scan's file is in another store, expected "
                + directory.resolve("services").resolve("scan-store").toUri()
                + " (scan-store)");
    assertThat(erase(id).status()).isEqualTo(1);
  }

  @Test
  void erasedRecordsAreNotShown() throws Exception {
    String id = "5e".repeat(32);
    String kept = "6f".repeat(32);
    send(prediction(id));
    send(prediction(kept));

    assertThat(erase(id).status()).isZero();

    assertThat(shown("predictions")).contains(kept).doesNotContain(id);
    send(prediction(id));
    assertThat(shown("predictions")).containsOnlyOnce(id);
  }

  @Test
  void publishesAndErasesALargeScanInTheGivenStore() throws Exception {
    Path services = directory.resolve("services");
    Execution published =
        Execution.of(
            Stream.concat(
                    Stream.of(
                        "publish",
                        Execution.phantom(directory, "scan.nii.gz"),
                        "--data-dir",
                        services,
                        "--set",
                        "inline-max-bytes=1 KiB"),
                    addresses())
                .toArray());
    assertThat(published.status()).describedAs(published.err()).isZero();
    String id = published.out().split(" ")[0];

    assertThat(erase(id, "--json").json().get("files").asInt()).isEqualTo(1);
    assertNothingIsKnownOf(id);
  }

  private static void assertNothingIsKnownOf(String id) {
    Execution again = erase(id);
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.errLines()).containsExactly("erase: unknown scan " + id);
  }

  private static Execution erase(String id, String... more) {
    return Execution.of(
        Stream.concat(
                Stream.of("erase", id, "--data-dir", directory.resolve("services").toString()),
                Stream.concat(Stream.of(more), addresses()))
            .toArray());
  }

  private static String shown(String command) {
    return Execution.of(Stream.concat(Stream.of(command, "--json"), addresses()).toArray()).out();
  }

  private static Stream<String> addresses() {
    return Stream.of(
        "--bootstrap-servers",
        cluster.bootstrapServers(),
        "--schema-registry-url",
        cluster.registryUrl());
  }

  private static RecordMetadata send(ProducerRecord<String, byte[]> record) throws Exception {
    try (Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      return producer.send(record).get();
    }
  }

  private static Scan scan(Reference reference) {
    return Scan.newBuilder()
        .setReceivedAt(RECEIVED)
        .setSource(ScanSource.HTTP)
        .setReference(reference)
        .build();
  }

  private static ProducerRecord<String, byte[]> prediction(String id) {
    return kafka
        .topics()
        .predictions()
        .record(
            id,
            SampleRecords.prediction()
                .setReceivedAt(RECEIVED)
                .setPreprocessedAt(RECEIVED)
                .setScoredAt(RECEIVED)
                .build());
  }

  private static ProducerRecord<String, byte[]> labeled(String id) {
    Volume volume =
        SampleRecords.volume().setReceivedAt(RECEIVED).setPreprocessedAt(RECEIVED).build();
    Label label = new Label(Finding.NORMAL, "reader-1", RECEIVED);
    return kafka.topics().labeledVolumes().record(id, new LabeledVolume(volume, label));
  }

  private static ProducerRecord<String, byte[]> version(
      String version, int partition, long snapshotEnd, Instant createdAt) {
    Lineage lineage =
        Lineage.newBuilder()
            .setRunId("run-" + version)
            .setSnapshot(Map.of(Integer.toString(partition), snapshotEnd))
            .setTrainingScans(1)
            .setValidationScans(1)
            .setSeed(1)
            .setSettings(Map.of())
            .setCodeVersion("")
            .build();
    return kafka
        .topics()
        .models()
        .record(
            "pneumonia/" + version,
            SampleRecords.modelVersion(version)
                .setLineage(lineage)
                .setCreatedAt(createdAt)
                .build());
  }
}
