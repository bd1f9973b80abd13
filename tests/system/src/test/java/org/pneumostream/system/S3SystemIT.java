package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.ingest.DirectIngest;
import org.pneumostream.ingest.Outcome;
import org.pneumostream.ingest.Provenance;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.ledger.StoreSweep;
import org.pneumostream.ledger.StoreSweep.Swept;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.scanstore.ScanStoreConfig;
import org.pneumostream.scanstore.StoredObject;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.schemas.Topics;
import org.pneumostream.standalone.EmbeddedCluster;
import org.pneumostream.support.S3Server;
import org.pneumostream.system.RunningSystem.Read;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The system with its scan store in S3. */
class S3SystemIT {
  private static final Duration KEEP = Duration.ofDays(8);

  @TempDir static Path directory;

  private static S3Server s3;
  private static EmbeddedCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    System.setProperty("aws.accessKeyId", "key");
    System.setProperty("aws.secretAccessKey", "not-so-secret");
    s3 = S3Server.start(directory.resolve("s3"));
    cluster = EmbeddedCluster.start(directory.resolve("cluster"), 0, 0);
    s3.awaitReady();
  }

  @AfterAll
  static void stop() {
    cluster.close();
    s3.close();
  }

  @Test
  void aScanStaysInS3WhileARecordOrALetterExists() throws Exception {
    Map<String, String> settings =
        Map.of(
            "inline-max-bytes",
            "1 KiB",
            "scan-store",
            "s3://" + S3Server.BUCKET + "/one/",
            "scan-store-s3-endpoint",
            s3.url());
    try (RunningSystem system = system(settings);
        ScanStore store = ScanStore.open(ScanStoreConfig.from(system.settings()))) {
      String damaged = publish(system, 1);
      String gone = publish(system, 2);
      damage(system, damaged);
      store.remove(gone, List.of());
      system.start();
      system.publishModel(1);
      String kept = system.push(SmallPhantom.file(3));
      String erased = system.push(SmallPhantom.file(4));

      assertThat(system.await(system.topics().predictions(), read -> read.size() == 2))
          .extracting(Read::key)
          .containsExactlyInAnyOrder(kept, erased);
      Map<String, DeadLetter> letters = new HashMap<>();
      system
          .await(system.topics().deadLetters(), read -> read.size() == 2)
          .forEach(letter -> letters.put(letter.key(), letter.value()));
      assertThat(letters.get(gone).getError()).isEqualTo("ScanGoneException");
      assertThat(letters.get(gone).getReason())
          .matches("scan store: s3://scans/one/" + gone + "\\.\\w{64} is gone");
      assertThat(letters.get(damaged).getError()).isEqualTo("ScanDamagedException");
      assertThat(letters.get(damaged).getReason())
          .contains("s3://scans/one/" + damaged)
          .contains(" has 3 bytes with SHA-256 ");

      HttpResponse<String> erasure = system.delete("/scans/" + erased);
      assertThat(new ObjectMapper().readTree(erasure.body()).path("files").asInt()).isEqualTo(1);
      assertThat(scansIn(store)).containsExactlyInAnyOrder(damaged, kept);

      String neverWritten = "4d".repeat(32);
      store.put(neverWritten, new ByteArrayInputStream(new byte[100]));
      assertThatThrownBy(() -> sweepByAMistypedPrefix(system, store))
          .hasMessageMatching(
              "its object 'owner' names cluster and topic-prefix '\\S+ s3\\.', expected .*");
      assertThat(sweep(system, store, KEEP.minusHours(1))).isEqualTo(new Swept(0, 0));
      assertThat(sweep(system, store, KEEP.plusHours(1))).isEqualTo(new Swept(1, 0));
      assertThat(scansIn(store)).containsExactlyInAnyOrder(damaged, kept);
      expireScans(system);
      assertThat(sweep(system, store, KEEP.plusHours(1))).isEqualTo(new Swept(1, 0));
      assertThat(scansIn(store)).containsExactly(damaged);

      // The sweep at ingest's start; every object was too young.
      assertThat(system.get(system.services().get(3), "/metrics").body())
          .containsPattern(
              "pneumostream_scan_store_swept_total\\{[^}]*what=\"unreferenced\"} 0\\.0");

      s3.close();
      HttpResponse<String> refused = system.post("/scans", SmallPhantom.file(5));
      assertThat(refused.statusCode()).describedAs(refused.body()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    }
  }

  private static RunningSystem system(Map<String, String> settings) {
    return new RunningSystem(
        cluster.bootstrapServers(),
        cluster.registryUrl(),
        "s3.",
        directory.resolve("services"),
        settings);
  }

  /** Publishes like the command line, without a running service. */
  private static String publish(RunningSystem system, int seed) throws Exception {
    Path file = Files.write(directory.resolve(seed + ".nii.gz"), SmallPhantom.file(seed));
    Provenance unlabeled =
        new Provenance(ScanSource.COMMAND_LINE, Optional.empty(), Optional.empty());
    try (DirectIngest ingest = DirectIngest.open(system.settings())) {
      Outcome outcome = ingest.publish(ScanFile.of(file), unlabeled);
      return ((Outcome.Accepted) outcome).receipt().scanId();
    }
  }

  private static void damage(RunningSystem system, String scanId) {
    String uri =
        system.now(system.topics().scans()).stream()
            .filter(scan -> scan.key().equals(scanId))
            .map(scan -> scan.value().getReference().getUri())
            .findFirst()
            .orElseThrow();
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(URI.create(s3.url()))
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .build()) {
      String key = uri.substring(("s3://" + S3Server.BUCKET + "/").length());
      client.putObject(
          put -> put.bucket(S3Server.BUCKET).key(key), RequestBody.fromBytes(new byte[3]));
    }
  }

  private static Swept sweep(RunningSystem system, ScanStore store, Duration later)
      throws IOException {
    InstantSource clock = InstantSource.offset(Clock.systemUTC(), later);
    return new StoreSweep(system.kafka(), store, KEEP, clock).run(() -> false);
  }

  private static void sweepByAMistypedPrefix(RunningSystem system, ScanStore store)
      throws IOException {
    KafkaConnection mistyped =
        KafkaSettings.connection(system.settings().with(Map.of("topic-prefix", "s4.")));
    InstantSource clock = InstantSource.offset(Clock.systemUTC(), KEEP.plusHours(1));
    new StoreSweep(mistyped, store, KEEP, clock).run(() -> false);
  }

  /** Expires scans, as brokers do with old segments. */
  private static void expireScans(RunningSystem system) throws Exception {
    Topics topics = system.topics();
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    for (int number = 0; number < topics.scans().partitions(); number++) {
      // −1 means up to the end.
      all.put(new TopicPartition(topics.scans().name(), number), RecordsToDelete.beforeOffset(-1));
    }
    try (Admin admin = system.kafka().admin()) {
      admin.deleteRecords(all).all().get();
    }
  }

  private static List<String> scansIn(ScanStore store) throws IOException {
    return store.objects().stream().map(StoredObject::scanId).toList();
  }
}
