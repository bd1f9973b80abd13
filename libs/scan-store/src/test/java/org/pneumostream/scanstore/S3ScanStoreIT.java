package org.pneumostream.scanstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.schemas.Reference;
import org.pneumostream.settings.DataDir;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;
import org.pneumostream.support.CuttableLink;
import org.pneumostream.support.S3Server;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The store in a bucket, configured by its settings, on a separate server. */
class S3ScanStoreIT extends ScanStoreContract {
  private static final List<Setting<?>> SETTINGS =
      Stream.concat(Stream.of(DataDir.SETTING), ScanStoreConfig.ALL.stream()).toList();

  private static final String SECRET = "not-so-secret";

  /** S3's minimum size of a part, except for the last. */
  private static final long LEAST_PART_BYTES = 5 << 20;

  @TempDir static Path serverDirectory;

  private static S3Server server;
  private static CuttableLink network;
  private static S3Client direct;

  private String prefix;
  private ScanStore store;

  @BeforeAll
  static void startServer() throws Exception {
    System.setProperty("aws.accessKeyId", "key");
    System.setProperty("aws.secretAccessKey", SECRET);
    server = S3Server.start(serverDirectory).awaitReady();
    network = new CuttableLink(0, server.port());
    direct = client(server.port());
  }

  @AfterAll
  static void stopServer() throws Exception {
    direct.close();
    network.close();
    server.close();
  }

  @BeforeEach
  void openStore(TestInfo test) {
    network.mend();
    // The parameters of a parameterized test give it a separate prefix, too.
    prefix = test.getTestMethod().orElseThrow().getName() + "-" + System.nanoTime();
    store = open(S3Server.BUCKET + "/" + prefix, network.port());
  }

  @Override
  ScanStore store() {
    return store;
  }

  @Override
  ScanStore another() {
    return open(S3Server.BUCKET + "/" + prefix + "-elsewhere/", network.port());
  }

  @Override
  String uri() {
    return "s3://" + S3Server.BUCKET + "/" + prefix + "/";
  }

  @Override
  Path staging() {
    return temp.resolve("data/scan-staging");
  }

  @Override
  void write(String name, byte[] bytes) {
    direct.putObject(
        put -> put.bucket(S3Server.BUCKET).key(prefix + "/" + name), RequestBody.fromBytes(bytes));
  }

  @Override
  void delete(String name) {
    direct.deleteObject(delete -> delete.bucket(S3Server.BUCKET).key(prefix + "/" + name));
  }

  @Override
  List<String> names() {
    return direct
        .listObjectsV2(list -> list.bucket(S3Server.BUCKET).prefix(prefix + "/"))
        .contents()
        .stream()
        .map(S3Object::key)
        .map(key -> key.substring(prefix.length() + 1))
        .toList();
  }

  @Test
  void anUploadInterruptedByTheServerLeavesNoObjectAndCanBeRepeated() throws Exception {
    byte[] scan = random(3 << 20);
    network.breakAfter(1 << 20);

    assertThatThrownBy(() -> put(SCAN_ID, scan))
        .isInstanceOf(ScanStoreAwayException.class)
        .hasMessageStartingWith(uri() + ": ");

    assertThat(names()).isEmpty();
    assertThat(halfWritten()).isEmpty();
    network.mend();
    assertThat(read(put(SCAN_ID, scan))).isEqualTo(scan);
  }

  @Test
  void aServerThatFailsDuringAReadDoesNotCondemnTheScan() throws Exception {
    byte[] scan = random(3 << 20);
    Reference reference = put(SCAN_ID, scan);
    network.breakAfter(1 << 20);

    assertThatThrownBy(() -> read(reference)).isInstanceOf(ScanStoreAwayException.class);
    assertThatThrownBy(() -> store().open(reference)).isInstanceOf(ScanStoreAwayException.class);
    assertThatThrownBy(() -> store().remove(SCAN_ID, List.of(reference)))
        .isInstanceOf(ScanStoreAwayException.class);

    network.mend();
    assertThat(read(reference)).isEqualTo(scan);
  }

  @Test
  void aLongScanIsUploadedInParts() throws Exception {
    byte[] scan = random((int) (2 * LEAST_PART_BYTES) + 123);
    ScanStore inParts = inParts();

    Reference reference = inParts.put(SCAN_ID, new ByteArrayInputStream(scan));

    assertThat(read(reference)).isEqualTo(scan);
    assertThat(uploads()).isZero();
  }

  @Test
  void partsOfAnInterruptedUploadAreNotAnObjectAndAreSwept() throws Exception {
    byte[] scan = random((int) (2 * LEAST_PART_BYTES) + 123);
    ScanStore inParts = inParts();
    network.breakAfter(LEAST_PART_BYTES + (1 << 20));

    assertThatThrownBy(() -> inParts.put(SCAN_ID, new ByteArrayInputStream(scan)))
        .isInstanceOf(ScanStoreAwayException.class);

    assertThat(names()).isEmpty();
    assertThat(uploads()).isEqualTo(1);
    network.mend();
    assertThat(store().removeAbandoned(Instant.now().minusSeconds(600))).isZero();
    assertThat(store().removeAbandoned(Instant.now().plusSeconds(600))).isEqualTo(1);
    assertThat(uploads()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "not-there, false, 'scan-store: ''s3://not-there/'', expected an existing bucket'",
    "scans/x, true, 'scan-store: ''s3://scans/x/'', expected a reachable S3 (.*)'"
  })
  void reportsAnUnusableStoreAtStart(String store, boolean isCut, String message) {
    if (isCut) {
      network.breakAfter(0);
    }

    assertThatThrownBy(() -> open(store, network.port()))
        .isInstanceOf(SettingException.class)
        .hasMessageMatching("(?s)" + message);
  }

  @Test
  @DisabledIfEnvironmentVariable(named = "AWS_ACCESS_KEY_ID", matches = ".*")
  void reportsMissingCredentialsAtStart() {
    String nowhere = temp.resolve("nothing").toString();
    Map<String, String> noOthers =
        Map.of(
            "aws.disableEc2Metadata",
            "true",
            "aws.sharedCredentialsFile",
            nowhere,
            "aws.configFile",
            nowhere);
    noOthers.forEach(System::setProperty);
    System.clearProperty("aws.secretAccessKey");
    try {
      assertThatThrownBy(() -> open(S3Server.BUCKET, network.port()))
          .isInstanceOf(SettingException.class)
          .hasMessage(
              "scan-store: 's3://scans/', expected credentials for it: AWS_ACCESS_KEY_ID and"
                  + " AWS_SECRET_ACCESS_KEY in the environment, a profile or a role");
    } finally {
      System.setProperty("aws.secretAccessKey", SECRET);
      noOthers.keySet().forEach(System::clearProperty);
    }
  }

  private ScanStore inParts() {
    return new S3ScanStore(
        client(network.port()),
        S3Bucket.of(URI.create(uri())),
        new StagingDirectory(staging(), 0, Permissions.PRIVATE),
        LEAST_PART_BYTES);
  }

  private int uploads() {
    return direct
        .listMultipartUploads(l -> l.bucket(S3Server.BUCKET).prefix(prefix))
        .uploads()
        .size();
  }

  private ScanStore open(String store, int port) {
    return ScanStore.open(ScanStoreConfig.from(settings("s3://" + store, port)));
  }

  private static S3Client client(int port) {
    return S3Connection.client(
        ScanStoreConfig.from(
            Settings.of(SETTINGS, Map.of("scan-store-s3-endpoint", "http://127.0.0.1:" + port))));
  }

  private Settings settings(String store, int port) {
    Map<String, String> values = new HashMap<>();
    values.put("scan-store", store);
    values.put("scan-store-s3-endpoint", "http://127.0.0.1:" + port);
    values.put("scan-store-min-free", "0");
    values.put("data-dir", temp.resolve("data").toString());
    return Settings.of(SETTINGS, values);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
