package org.pneumostream.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * What a service says of itself.
 *
 * @param state {@code ready}, {@code waiting} or {@code not reached}
 * @param detail what it waits for, or where it was looked for; empty where it is ready
 */
public record Readiness(String state, String detail) {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Asks {@code /health/ready}. */
  static Readiness of(String scheme, String host, int port) throws InterruptedException {
    URI uri = URI.create(scheme + "://" + host + ":" + port + "/health/ready");
    HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
      JsonNode waitingFor = JSON.readTree(answer.body()).path("waitingFor");
      return answer.statusCode() == 200
          ? new Readiness("ready", "")
          : new Readiness("waiting", waitingFor.asText());
    } catch (IOException e) {
      return new Readiness("not reached", "at " + host + ":" + port);
    }
  }
}
