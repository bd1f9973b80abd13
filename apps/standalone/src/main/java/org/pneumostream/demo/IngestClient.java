package org.pneumostream.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.pneumostream.schemas.Finding;

/** Pushes scans and labels over HTTP, as a hospital's scanner and its readers would. */
final class IngestClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String address;

  IngestClient(int ingestPort) {
    this.address = "http://127.0.0.1:" + ingestPort;
  }

  /** Pushes a scan and returns its id. */
  String push(byte[] file) throws IOException {
    return send("/scans", BodyPublishers.ofByteArray(file)).path("scanId").asText();
  }

  /** Sends a reader's finding. */
  void label(String scanId, Finding finding) throws IOException {
    Map<String, String> label =
        Map.of(
            "scanId",
            scanId,
            "finding",
            finding.name().toLowerCase(Locale.ROOT),
            "annotator",
            "demo");
    send("/labels", BodyPublishers.ofString(JSON.writeValueAsString(label)));
  }

  private JsonNode send(String path, HttpRequest.BodyPublisher body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path)).timeout(TIMEOUT).POST(body).build();
    try {
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      JsonNode answer = JSON.readTree(response.body());
      if (response.statusCode() >= 300) {
        throw new IOException("ingest refused " + path + ": " + answer);
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while pushing", e);
    }
  }
}
