package org.pneumostream.status;

import com.fasterxml.jackson.core.JsonProcessingException;
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
 * A service's answer about its readiness.
 *
 * @param state {@code ready}, {@code waiting} or {@code not reached}
 * @param detail what it waits for, or its address and why it did not answer; empty if ready
 */
public record Readiness(String state, String detail) {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Asks {@code /health/ready}.
   *
   * @param service its base address
   */
  static Readiness of(URI service, HttpClient client) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(service.resolve("/health/ready")).timeout(PATIENCE).build();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      JsonNode waitingFor = JSON.readTree(answer.body()).path("waitingFor");
      return answer.statusCode() == 200
          ? new Readiness("ready", "")
          : new Readiness("waiting", waitingFor.asText());
    } catch (JsonProcessingException e) {
      return notReached(service, "another server answers");
    } catch (IOException e) {
      // For a refused connection the JDK's client reports nothing but the exception's class.
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return notReached(service, reason);
    }
  }

  private static Readiness notReached(URI service, String reason) {
    return new Readiness("not reached", "at " + service.getAuthority() + ": " + reason);
  }
}
