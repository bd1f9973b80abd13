package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;

/** Scans over HTTP: accepted ones, and the answers to the others. */
@Timeout(60)
class HttpScansTest {
  @AutoClose private final HttpFixture http;
  private final Path temp;

  HttpScansTest(@TempDir Path temp) {
    this.temp = temp;
    http = new HttpFixture(temp, Map.of());
  }

  @Test
  void answersWithTheRecordsPlaceOnceTheBrokersHaveIt() throws Exception {
    HttpResponse<String> answer = http.push("/scans", Scans.bytes("volume.nii.gz"));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(HttpFixture.json(answer))
        .isEqualTo(
            HttpFixture.JSON
                .createObjectNode()
                .put("scanId", Scans.id("volume.nii.gz"))
                .put("topic", "test.scans")
                .put("partition", 0)
                .put("offset", 0));
    Scan scan = http.scan(0);
    assertThat(scan.getSource()).isEqualTo(ScanSource.HTTP);
    assertThat(scan.getReference().getLength()).isPositive();
    assertThat(scan.getStudyKey()).isNull();
    assertThat(scan.getFinding()).isNull();
  }

  @Test
  void acceptsAChunkedBody() throws Exception {
    byte[] bytes = Scans.bytes("volume.nii");

    HttpResponse<String> answer =
        http.push("/scans", BodyPublishers.ofInputStream(() -> Scans.stream(bytes)));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(HttpFixture.json(answer).get("scanId").asText()).isEqualTo(Scans.id("volume.nii"));
  }

  @Test
  void recognizesAKnownScanInAnotherCompression() throws Exception {
    http.push("/scans", Scans.bytes("volume.nii.gz"));

    HttpResponse<String> again = http.push("/scans", Scans.bytes("volume.nii"));

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(HttpFixture.json(again).get("offset").asLong()).isZero();
    assertThat(http.kafka.producer.history()).hasSize(1);
  }

  @Test
  void doesNotStoreAKnownLargeScanAgain() throws Exception {
    http.push("/scans", Scans.bytes("volume.nii.gz"));
    List<String> stored = Scans.filesIn(temp);
    Path object = temp.resolve(stored.get(0));
    Files.setLastModifiedTime(object, FileTime.from(Instant.EPOCH));

    HttpResponse<String> again = http.push("/scans", Scans.bytes("volume.nii.gz"));

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(Files.getLastModifiedTime(object)).isEqualTo(FileTime.from(Instant.EPOCH));
    assertThat(Scans.filesIn(temp)).isEqualTo(stored).hasSize(1);
  }

  @Test
  void passesOnLabelAndStudy() throws Exception {
    HttpResponse<String> answer =
        http.push("/scans?label=abnormal&study=S-17", Scans.bytes("volume.nii.gz"));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(http.scan(0).getFinding()).isEqualTo(Finding.ABNORMAL);
    assertThat(http.scan(0).getStudyKey()).isEqualTo("S-17");
    assertThat(http.kafka.producer.history())
        .extracting(ProducerRecord::topic)
        .containsExactly("test.scans", "test.labels");
  }

  @ParameterizedTest
  @CsvSource({
    "label=sick, label: 'sick'",
    "study=a%20b, study: 'a b'",
    "lable=normal, unknown parameter 'lable'",
    "label=normal&label=abnormal, 'label: given 2 times, expected once'",
    "label=normal&label=normal, 'label: given 2 times, expected once'",
    "study=a&study=b&study=c, 'study: given 3 times, expected once'"
  })
  void namesAnInvalidParameter(String query, String message) throws Exception {
    HttpResponse<String> answer = http.push("/scans?" + query, Scans.bytes("volume.nii.gz"));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(HttpFixture.json(answer).get("error").asText()).startsWith(message);
    assertThat(http.kafka.producer.history()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Encoding, br",
    "Content-Encoding, 'gzip, zstd'",
    "Content-Encoding, deflate",
    "Content-Type, multipart/form-data; boundary=x",
    "Content-Type, Multipart/mixed"
  })
  void refusesABodyThatIsNotTheFileItself(String header, String value) throws Exception {
    HttpResponse<String> answer =
        http.push("/scans", Scans.bytes("volume.nii.gz"), Map.of(header, value));

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(HttpFixture.json(answer).get("error").asText())
        .startsWith(header + ": '" + value + "', expected ");
    assertThat(answer.headers().firstValue("Accept-Encoding").isPresent())
        .isEqualTo(header.equals("Content-Encoding"));
    assertThat(http.kafka.producer.history()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "X-GZIP", "identity"})
  void acceptsGzipContentEncoding(String encoding) throws Exception {
    HttpResponse<String> answer =
        http.push(
            "/scans",
            Scans.bytes(encoding.equals("identity") ? "volume.nii" : "volume.nii.gz"),
            Map.of("Content-Encoding", encoding));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(HttpFixture.json(answer).get("scanId").asText()).isEqualTo(Scans.id("volume.nii"));
  }

  @ParameterizedTest
  @CsvSource({
    "series.nii.gz, 'not one 3D volume: the dimensions are [12, 10, 5, 2], expected three'",
    "negative-dimension.nii, not a scan: dim[1] is -24",
    "complex.nii.gz, not a scan: datatype is"
  })
  void refusesWhatIsNotAVolumeWithTheReason(String name, String message) throws Exception {
    HttpResponse<String> answer = http.push("/scans", Scans.bytes(name));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(HttpFixture.json(answer).get("error").asText()).startsWith(message);
    assertThat(http.kafka.producer.history()).isEmpty();
    assertThat(Scans.filesIn(temp)).isEmpty();
  }

  @Test
  void refusesAnEmptyBodyATextAndACutOffScan() throws Exception {
    byte[] whole = Scans.bytes("volume.nii.gz");

    HttpResponse<String> empty = http.push("/scans", new byte[0]);
    HttpResponse<String> text =
        http.push("/scans", "hello".repeat(9).getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> cut = http.push("/scans", Arrays.copyOf(whole, whole.length - 30));

    assertThat(empty.statusCode()).isEqualTo(400);
    assertThat(HttpFixture.json(empty).get("error").asText()).isEqualTo("the scan is empty");
    assertThat(text.statusCode()).isEqualTo(400);
    assertThat(cut.statusCode()).isEqualTo(400);
    assertThat(HttpFixture.json(cut).get("error").asText()).contains("cut off");
    assertThat(http.rejected("empty")).isEqualTo(1);
    assertThat(http.rejected("not-a-scan")).isEqualTo(1);
    assertThat(http.rejected("damaged")).isEqualTo(1);
    assertThat(Scans.filesIn(temp)).isEmpty();
  }

  @Test
  void refusesAChunkedScanOverTheLimit() throws Exception {
    byte[] large = Scans.endlessDocument(HttpFixture.MAX_SCAN_BYTES + 1);

    HttpResponse<String> answer =
        http.push("/scans", BodyPublishers.ofInputStream(() -> Scans.stream(large)));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(HttpFixture.json(answer).get("error").asText()).contains("max-scan-bytes");
    assertThat(Scans.filesIn(temp)).isEmpty();
  }

  @Test
  void answers503WhileKafkaIsUnavailable() throws Exception {
    http.kafka.goAway();
    HttpResponse<String> away = http.push("/scans", Scans.bytes("volume.nii.gz"));
    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(away.headers().firstValue("Retry-After")).contains("10");
    assertThat(HttpFixture.json(away).get("error").asText()).startsWith("Kafka: ");

    http.kafka.comeBack();
    assertThat(http.push("/scans", Scans.bytes("volume.nii.gz")).statusCode()).isEqualTo(202);
    assertThat(http.kafka.producer.history()).hasSize(1);
  }

  @Test
  void doesNotAskToRetryARecordTooLargeForTheTopic() throws Exception {
    http.kafka.producer.sendException = new RecordTooLargeException("larger than the topic takes");

    HttpResponse<String> refused = http.push("/scans", Scans.bytes("volume.nii.gz"));

    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
    assertThat(HttpFixture.json(refused).get("error").asText())
        .isEqualTo("Kafka: larger than the topic takes");
    assertThat(http.rejected("too-large")).isEqualTo(1);
  }

  @Test
  void answers503WhenTheDiskIsNearlyFull() throws Exception {
    try (HttpFixture full = new HttpFixture(temp, Map.of("scan-store-min-free", "1048576 GiB"))) {
      HttpResponse<String> answer = full.push("/scans", Scans.bytes("volume.nii"));

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("10");
      assertThat(HttpFixture.json(answer).get("error").asText()).contains("scan-store-min-free");
      assertThat(full.kafka.producer.history()).isEmpty();
      full.awaitFiles(0);
    }
  }

  @Test
  void answers503WhenTheDiskIsNotWritable() throws Exception {
    Files.writeString(temp.resolve("store"), "a file where the folder should be");

    HttpResponse<String> answer = http.push("/scans", Scans.bytes("volume.nii.gz"));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(HttpFixture.json(answer).get("error").asText()).startsWith("scan store: ");
  }
}
