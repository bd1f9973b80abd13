package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.ingest.HttpFixture.SlowPush;

/** The HTTP door against unauthorized clients, decompression bombs and slow clients. */
@Timeout(60)
class HttpAttacksTest {
  private static final String PUSH = "push-token-0123456789";
  private static final String LABEL = "label-token-0123456789";
  private static final Map<String, String> TOKENS =
      Map.of("http-tokens", "push = " + PUSH + "; label = " + LABEL);

  @TempDir Path temp;

  @Test
  void acceptsScansAndLabelsWithTheRightTokens() throws Exception {
    byte[] scan = Scans.bytes("volume.nii.gz");
    byte[] label =
        "{\"scanId\":\"%s\",\"finding\":\"normal\",\"annotator\":\"r1\"}"
            .formatted("ab".repeat(32))
            .getBytes(StandardCharsets.UTF_8);
    try (HttpFixture http = new HttpFixture(temp, TOKENS)) {
      assertThat(http.push("/scans", scan).statusCode()).isEqualTo(401);
      assertThat(http.push("/scans", scan, LABEL).statusCode()).isEqualTo(403);
      assertThat(http.push("/labels", label, PUSH).statusCode()).isEqualTo(403);
      assertThat(http.kafka.producer.history()).isEmpty();
      assertThat(Scans.filesIn(temp)).isEmpty();

      assertThat(http.push("/scans", scan, PUSH).statusCode()).isEqualTo(202);
      assertThat(http.push("/labels", label, LABEL).statusCode()).isEqualTo(202);
      assertThat(http.kafka.producer.history()).hasSize(2);
    }
  }

  @Test
  void oneTokenCannotTakeAllSlots() throws Exception {
    String other = "other-token-0123456789";
    byte[] whole = Scans.noise(480);
    Map<String, String> tokens =
        Map.of("http-tokens", "push = %s; push = %s".formatted(PUSH, other));
    try (HttpFixture http = new HttpFixture(temp, tokens);
        SlowPush first = http.slowPush(asPush(whole.length))) {
      first.send(Arrays.copyOf(whole, 3_500_000));
      http.awaitFiles(1);

      HttpResponse<String> second = http.push("/scans", whole, PUSH);
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.headers().firstValue("Retry-After")).isPresent();
      assertThat(HttpFixture.json(second).get("error").asText())
          .contains("max-push-share-per-token");
      assertThat(http.push("/scans", whole, other).statusCode()).isEqualTo(202);

      first.send(Arrays.copyOfRange(whole, 3_500_000, whole.length));
      assertThat(first.status()).isEqualTo(200);
    }
  }

  private static String asPush(int length) {
    return "Content-Length: %d\r\nAuthorization: Bearer %s\r\n".formatted(length, PUSH);
  }

  @Test
  void refusesAnUnauthorizedPushBeforeReadingIt() throws Exception {
    try (HttpFixture http = new HttpFixture(temp, TOKENS);
        SlowPush push = http.slowPush(HttpFixture.MAX_SCAN_BYTES)) {
      push.send(new byte[1]);

      assertThat(push.status()).isEqualTo(401);
    }
  }

  /** 900 MiB of white space in less than 1 MiB: the answer arrives after a few MiB. */
  @Test
  void stopsInflatingABombAtTheLimit() throws Exception {
    byte[] start = Scans.gzip(Scans.endlessDocument(Scans.MIB));
    byte[] more = Scans.gzip(" ".repeat(Scans.MIB).getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream some = new ByteArrayOutputStream();
    some.write(start);
    for (int mebibyte = 0; mebibyte < 3; mebibyte++) {
      some.write(more);
    }
    try (HttpFixture http = new HttpFixture(temp, Map.of("max-uncompressed-bytes", "2 MiB"));
        SlowPush push = http.slowPush(start.length + 900L * more.length)) {
      push.send(some.toByteArray());

      assertThat(push.status()).isEqualTo(413);
      assertThat(http.rejected("too-large")).isEqualTo(1);
      assertThat(Scans.filesIn(temp)).isEmpty();
    }
  }

  /** 900 MiB of zeros after a valid volume: the answer arrives after a page of them. */
  @Test
  void stopsReadingZerosAfterAPage() throws Exception {
    byte[] start = Scans.bytes("volume.nii.gz");
    byte[] zeros = Scans.gzip(new byte[Scans.MIB]);
    ByteArrayOutputStream some = new ByteArrayOutputStream();
    some.write(start);
    some.write(zeros);
    try (HttpFixture http = new HttpFixture(temp, Map.of());
        SlowPush push = http.slowPush(start.length + 900L * zeros.length)) {
      push.send(some.toByteArray());

      assertThat(push.status()).isEqualTo(400);
      assertThat(http.rejected("damaged")).isEqualTo(1);
      assertThat(Scans.filesIn(temp)).isEmpty();
    }
  }

  @Test
  void namesTheLimitThatABombExceeds() throws Exception {
    byte[] bomb = Scans.gzip(Scans.endlessDocument(4 * Scans.MIB));
    try (HttpFixture http = new HttpFixture(temp, Map.of("max-uncompressed-bytes", "2 MiB"))) {
      HttpResponse<String> answer = http.push("/scans", bomb);

      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(HttpFixture.json(answer).get("error").asText())
          .isEqualTo("scan is larger than 2097152 bytes (max-uncompressed-bytes)");
    }
  }

  @Test
  void releasesTheSlotsOfSlowPushes() throws Exception {
    byte[] whole = Scans.noise(480);
    try (HttpFixture http =
            new HttpFixture(
                temp, Map.of("http-min-body-rate", "1 GiB", "http-idle-timeout", "1 s"));
        SlowPush push = http.slowPush(whole.length)) {
      push.send(Arrays.copyOf(whole, 3_500_000));
      http.awaitFiles(1);

      assertThat(push.statusWhileTrickling()).isEqualTo(408);
      assertThat(http.rejected("broken-off")).isEqualTo(1);
      assertThat(http.kafka.producer.history()).isEmpty();
      http.awaitFiles(0);
    }
  }

  @Test
  void releasesTheSlotsOfSilentPushes() throws Exception {
    byte[] whole = Scans.bytes("volume.nii");
    try (HttpFixture http = new HttpFixture(temp, Map.of("http-idle-timeout", "1 s"));
        SlowPush first = http.slowPush(whole.length);
        SlowPush second = http.slowPush(whole.length)) {
      first.send(Arrays.copyOf(whole, 9000));
      second.send(Arrays.copyOf(whole, 9000));

      assertThat(first.status()).isEqualTo(400);
      assertThat(second.status()).isEqualTo(400);
      assertThat(http.push("/scans", whole).statusCode()).isEqualTo(202);
    }
  }
}
