package org.pneumostream.scanstore;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.schemas.Reference;
import org.pneumostream.settings.DataDir;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

/** An S3 that answers, and refuses. */
class S3RefusalTest {
  private static final List<Setting<?>> SETTINGS =
      Stream.concat(Stream.of(DataDir.SETTING), ScanStoreConfig.ALL.stream()).toList();

  private static final String SCAN_ID = "0f".repeat(32);
  private static final String SHA256 = "ab".repeat(32);
  private static final Map<String, String> LOGIN =
      Map.of("aws.accessKeyId", "key", "aws.secretAccessKey", "not-so-secret");

  @TempDir Path temp;

  private final Map<String, String> before = new HashMap<>();
  private HttpServer server;

  /** An answer to a request. */
  private record Answer(int status, String code) {
    boolean isRefusal() {
      return status >= 300;
    }
  }

  private Answer answer = new Answer(403, "AccessDenied");

  /** The answer to requests for the object owner. */
  private Answer ownersAnswer = answer;

  @BeforeEach
  void start() throws Exception {
    LOGIN.forEach((key, value) -> before.put(key, System.setProperty(key, value)));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean isOwner = exchange.getRequestURI().getPath().endsWith("/owner");
          Answer given = isOwner ? ownersAnswer : answer;
          byte[] body =
              (given.isRefusal()
                      ? "<Error><Code>%s</Code><Message>Access Denied</Message></Error>"
                          .formatted(given.code())
                      : "cluster prefix.")
                  .getBytes(StandardCharsets.UTF_8);
          boolean isHead = exchange.getRequestMethod().equals("HEAD");
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(given.status(), isHead ? -1 : body.length);
          if (!isHead) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    before.forEach(
        (key, value) -> {
          if (value == null) {
            System.clearProperty(key);
          } else {
            System.setProperty(key, value);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "301, a bucket in the region that AWS_REGION names",
    "401, a bucket that these credentials may access",
    "403, a bucket that these credentials may access",
    "404, an existing bucket"
  })
  void isReportedAtStartWithItsCause(int refusal, String expected) {
    answer = new Answer(refusal, "AccessDenied");

    assertThatThrownBy(() -> ScanStore.open(ScanStoreConfig.from(settings())))
        .isInstanceOf(SettingException.class)
        .hasMessage("scan-store: 's3://scans/', expected " + expected);
  }

  /** It says nothing about a scan, and an operator can fix it. */
  @Test
  void isReportedLaterWithTheServersMessage() {
    try (ScanStore store = store()) {
      Reference reference = new Reference("s3://scans/" + SCAN_ID + "." + SHA256, 3L, SHA256);

      assertThatThrownBy(() -> store.open(reference))
          .isInstanceOf(ScanStoreAwayException.class)
          .hasMessageContaining("Access Denied")
          .hasMessageContaining("403");
      assertThatThrownBy(() -> store.put(SCAN_ID, new ByteArrayInputStream(new byte[3])))
          .isInstanceOf(ScanStoreAwayException.class)
          .hasMessageContaining("Access Denied")
          .hasMessageContaining("403");
      assertThatThrownBy(store::requireReadable)
          .isInstanceOf(ScanStoreAwayException.class)
          .hasMessageContaining("403");
    }
  }

  /** The store answers, so waiting would only block the following records. */
  @ParameterizedTest
  @CsvSource({"200, AccessDenied, true", "404, NoSuchKey, true", "403, AccessDenied, false"})
  void refusalOfOneObjectOfAReadableStoreConcernsThatObject(
      int owner, String ownersCode, boolean isOfTheObject) {
    ownersAnswer = new Answer(owner, ownersCode);
    try (ScanStore store = store()) {
      Reference reference = new Reference("s3://scans/" + SCAN_ID + "." + SHA256, 3L, SHA256);

      assertThatThrownBy(() -> store.open(reference))
          .isInstanceOf(isOfTheObject ? ScanDeniedException.class : ScanStoreAwayException.class);
    }
  }

  /** A wrong signature or clock does not concern an object, and stops the service. */
  @Test
  void anyOtherRefusalConcernsTheStore() {
    answer = new Answer(403, "RequestTimeTooSkewed");
    ownersAnswer = new Answer(200, "");
    try (ScanStore store = store()) {
      Reference reference = new Reference("s3://scans/" + SCAN_ID + "." + SHA256, 3L, SHA256);

      assertThatThrownBy(() -> store.open(reference)).isInstanceOf(ScanStoreAwayException.class);
    }
  }

  private ScanStore store() {
    return new S3ScanStore(
        S3Connection.client(ScanStoreConfig.from(settings())),
        S3Bucket.of(URI.create("s3://scans")),
        new StagingDirectory(temp, 0, Permissions.PRIVATE),
        S3Upload.PART_BYTES);
  }

  private Settings settings() {
    return Settings.of(
        SETTINGS,
        Map.of(
            "scan-store",
            "s3://scans",
            "scan-store-s3-endpoint",
            "http://127.0.0.1:" + server.getAddress().getPort(),
            "scan-store-min-free",
            "0",
            "data-dir",
            temp.toString()));
  }
}
