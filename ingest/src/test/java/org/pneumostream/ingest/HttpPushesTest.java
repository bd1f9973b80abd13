package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.ingest.HttpFixture.SlowPush;

/** In-flight pushes over HTTP: slow, large, too many, and broken ones. */
@Timeout(60)
class HttpPushesTest {
  /** Of a scan of noise; zstd has given some of it to the store when these bytes were read. */
  private static final int PART = 3_500_000;

  @AutoClose private final HttpFixture http;

  HttpPushesTest(@TempDir Path temp) {
    http = new HttpFixture(temp, Map.of());
  }

  @ParameterizedTest
  @CsvSource({"'', x", "'Expect: 100-continue\r\n', ''"})
  void refusesADeclaredLengthOverTheLimitBeforeReading(String header, String start)
      throws Exception {
    try (SlowPush push = http.slowPush(header + "Content-Length: 20000000\r\n")) {
      push.send(start.getBytes(StandardCharsets.US_ASCII));

      assertThat(push.status()).isEqualTo(413);
    }
    assertThat(http.rejected("too-large")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void answersALargeRefusedPushWhoseClientReadsOnlyAfterWriting(boolean announced)
      throws Exception {
    byte[] large = new byte[20 << 20];
    large[0] = (byte) 0x5c; // 348 in the first four bytes, and nothing else of a header
    large[1] = 1;

    HttpResponse<String> answer =
        http.push(
            "/scans",
            announced
                ? BodyPublishers.ofByteArray(large)
                : BodyPublishers.ofInputStream(() -> Scans.stream(large)));

    assertThat(answer.statusCode()).isEqualTo(announced ? 413 : 400);
    assertThat(HttpFixture.json(answer).get("error").asText()).isNotEmpty();
  }

  @Test
  void refusesMoreThanTheMaximumOfInFlightPushes() throws Exception {
    byte[] whole = Scans.noise(480);
    try (SlowPush first = http.slowPush(whole.length);
        SlowPush second = http.slowPush(whole.length)) {
      first.send(Arrays.copyOf(whole, PART));
      second.send(Arrays.copyOf(whole, PART));
      http.awaitFiles(2);

      HttpResponse<String> third = http.push("/scans", whole);
      assertThat(third.statusCode()).isEqualTo(429);
      assertThat(third.headers().firstValue("Retry-After")).contains("2");

      first.send(Arrays.copyOfRange(whole, PART, whole.length));
      assertThat(first.status()).isEqualTo(202);
      second.send(Arrays.copyOfRange(whole, PART, whole.length));
      assertThat(second.status()).isEqualTo(200);
    }
    assertThat(http.push("/scans", whole).statusCode()).isEqualTo(200);
  }

  @Test
  void completesAnInFlightPushWhenIngestStops() throws Exception {
    byte[] whole = Scans.noise(480);
    try (SlowPush slow = http.slowPush(whole.length)) {
      slow.send(Arrays.copyOf(whole, PART));
      http.awaitFiles(1);

      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  http.routes.close();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      while (http.push("/labels", new byte[0]).statusCode() != 503) {
        Thread.onSpinWait();
      }
      HttpResponse<String> late = http.push("/scans", whole);
      assertThat(late.statusCode()).isEqualTo(503);
      assertThat(late.headers().firstValue("Retry-After")).contains("10");
      assertThat(closing).isNotDone();
      slow.send(Arrays.copyOfRange(whole, PART, whole.length));

      assertThat(slow.status()).isEqualTo(202);
      assertThat(closing).succeedsWithin(Duration.ofSeconds(10));
    }
    assertThat(http.push("/scans", whole).statusCode()).isEqualTo(503);
  }

  @Test
  void answersALabelThatBreaksOff() throws Exception {
    try (SlowPush broken = http.slowLabel(100)) {
      broken.send(new byte[] {'{'});
      broken.endOutput();

      assertThat(broken.status()).isEqualTo(400);
    }
  }

  @Test
  void leavesNothingOfABrokenPush() throws Exception {
    byte[] whole = Scans.noise(480);
    try (SlowPush broken = http.slowPush(whole.length)) {
      broken.send(Arrays.copyOf(whole, PART));
      http.awaitFiles(1);
    }

    http.awaitFiles(0);
    assertThat(http.kafka.producer.history()).isEmpty();
  }
}
