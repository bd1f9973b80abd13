package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.schemas.Finding;

/** Labels over HTTP. */
@Timeout(60)
class HttpLabelsTest {
  @AutoClose private final HttpFixture http;

  HttpLabelsTest(@TempDir Path temp) {
    http = new HttpFixture(temp, Map.of());
  }

  @Test
  void acceptsALabel() throws Exception {
    String id = "0123456789abcdef".repeat(4);

    HttpResponse<String> answer =
        http.push(
            "/labels",
            BodyPublishers.ofString(
                "{\"scanId\":\"%s\",\"finding\":\"abnormal\",\"annotator\":\"r1\"}".formatted(id)));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(HttpFixture.json(answer))
        .isEqualTo(
            HttpFixture.JSON
                .createObjectNode()
                .put("scanId", id)
                .put("topic", "test.labels")
                .put("partition", 0)
                .put("offset", 0));
    assertThat(
            http.kafka
                .topics
                .labels()
                .value(http.kafka.producer.history().get(0).value())
                .getFinding())
        .isEqualTo(Finding.ABNORMAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | scanId: missing",
        "{\"scanId\":\"xyz\",\"finding\":\"normal\",\"annotator\":\"r\"} | scanId: 'xyz'",
        "{\"scanId\":\"x\",\"finding\":\"sick\",\"annotator\":\"r\"} | finding: 'sick'",
        "{\"scanId\":\"x\",\"finding\":\"normal\",\"annotator\":\"r\",\"x\":1} | not a label: ",
        "{\"scanId\":\"x\",\"finding\":\"normal\",\"annotator\":5} | not a label: ",
        "{\"scanId\":\"x\",\"finding\":\"normal\",\"annotator\":true} | not a label: ",
        "{\"scanId\":1.5,\"finding\":\"normal\",\"annotator\":\"r\"} | not a label: ",
        "{\"scanId\":\"x\",\"scanId\":\"y\",\"finding\":\"normal\",\"annotator\":\"r\"} | not a label: ",
        "null | the label is null",
        "[] | not a label: ",
        "{\"scanId\": | not a label: "
      })
  void refusesAnInvalidLabel(String body, String message) throws Exception {
    HttpResponse<String> answer = http.push("/labels", BodyPublishers.ofString(body));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(HttpFixture.json(answer).get("error").asText()).startsWith(message);
    assertThat(http.kafka.producer.history()).isEmpty();
  }

  @Test
  void refusesAnEncodedLabel() throws Exception {
    HttpResponse<String> answer =
        http.push("/labels", new byte[] {1}, Map.of("Content-Encoding", "gzip"));

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.headers().firstValue("Accept-Encoding")).contains("identity");
    assertThat(HttpFixture.json(answer).get("error").asText())
        .isEqualTo("Content-Encoding: 'gzip', expected identity or none");
  }

  @Test
  void answers503ToALabelWhileKafkaIsUnavailable() throws Exception {
    http.kafka.goAway();

    HttpResponse<String> answer =
        http.push(
            "/labels",
            BodyPublishers.ofString(
                "{\"scanId\":\"%s\",\"finding\":\"normal\",\"annotator\":\"r1\"}"
                    .formatted("ab".repeat(32))));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("10");
  }
}
