package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.pneumostream.runtime.Service;

/** docs/openapi.yaml describes the services correctly: see {@link SystemBehaviour}. */
interface ApiBehaviour extends SystemUnderTest {
  List<String> ROLES = List.of("push", "label", "read", "admin");

  /** A request in the document, to one of the services that it names. */
  record Documented(String method, String path, JsonNode operation, Service service) {
    Set<Integer> statuses() {
      List<Integer> statuses = new ArrayList<>();
      operation
          .get("responses")
          .fieldNames()
          .forEachRemaining(s -> statuses.add(Integer.valueOf(s)));
      return Set.copyOf(statuses);
    }

    /** Status of the answer to an empty request. */
    int status(String role) throws IOException, InterruptedException {
      URI uri =
          URI.create(
              "http://127.0.0.1:"
                  + service.port()
                  + path.replace("{id}", "0123456789abcdef".repeat(4)));
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody());
      if (!role.isEmpty()) {
        request.header("Authorization", "Bearer " + token(role));
      }
      return HttpClient.newHttpClient()
          .send(request.build(), BodyHandlers.discarding())
          .statusCode();
    }

    @Override
    public String toString() {
      return method + " " + path + " of " + service.name();
    }
  }

  @Test
  default void everyRequestIsAnsweredAsDocumentedAndOnlyForItsRole(TestInfo test) throws Exception {
    String tokens =
        ROLES.stream().map(role -> role + " = " + token(role)).collect(Collectors.joining("; "));
    try (RunningSystem system = system(test, Map.of("http-tokens", tokens)).start()) {
      List<Documented> requests = documented(system);
      assertThat(requests).extracting(Documented::service).containsAll(system.services());
      for (Documented request : requests) {
        JsonNode role = request.operation().get("x-role");
        if (role == null) {
          assertThat(request.operation().get("security")).as(request.toString()).isEmpty();
          assertThat(request.status("")).as(request.toString()).isIn(request.statuses());
          continue;
        }
        assertThat(request.status("")).as(request.toString()).isEqualTo(401);
        for (String other : ROLES) {
          boolean mayCall = other.equals(role.asText()) || other.equals("admin");
          int status = request.status(other);
          assertThat(status == 403).as("%s by %s: %s", request, other, status).isEqualTo(!mayCall);
          assertThat(status)
              .as("%s by %s", request, other)
              .isIn(request.statuses())
              .isNotEqualTo(401);
        }
      }
    }
  }

  private static List<Documented> documented(RunningSystem system) throws IOException {
    JsonNode paths =
        new YAMLMapper()
            .readTree(Path.of("..", "..", "docs", "openapi.yaml").toFile())
            .get("paths");
    Map<String, Service> services =
        system.services().stream().collect(Collectors.toMap(Service::name, service -> service));
    List<Documented> documented = new ArrayList<>();
    paths
        .fields()
        .forEachRemaining(
            path ->
                path.getValue()
                    .fields()
                    .forEachRemaining(
                        operation ->
                            operation
                                .getValue()
                                .get("tags")
                                .forEach(
                                    tag ->
                                        documented.add(
                                            new Documented(
                                                operation.getKey().toUpperCase(Locale.ROOT),
                                                path.getKey(),
                                                operation.getValue(),
                                                services.get(tag.asText()))))));
    return documented;
  }

  private static String token(String role) {
    return role + "-token-of-the-tests";
  }
}
