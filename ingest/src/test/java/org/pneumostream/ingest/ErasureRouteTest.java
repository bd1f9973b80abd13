package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.ledger.Erased;
import org.pneumostream.scanstore.OtherScanStoreException;

/** Answers of the route; system tests cover what is erased. */
@Timeout(60)
class ErasureRouteTest {
  private static final String ID = "0f".repeat(32);

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> forgotten = new ArrayList<>();
  private Javalin server;

  @AfterEach
  void close() {
    server.stop();
  }

  @Test
  void answers200WithTheResult() throws Exception {
    serve(
        id ->
            Optional.of(new Erased(id, List.of("test.scans"), 1, List.of("2"), List.of("3", "4"))));

    HttpResponse<String> answer = delete(ID);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new ObjectMapper().readTree(answer.body()))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"scanId": "%s", "topics": ["test.scans"], "files": 1,
                     "seenBy": ["2"], "maybeSeenBy": ["3", "4"]}
                    """
                        .formatted(ID)));
    assertThat(forgotten).containsExactly(ID);
  }

  @Test
  void answers404ForAnUnknownScan() throws Exception {
    serve(id -> Optional.empty());

    HttpResponse<String> answer = delete(ID);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("{\"error\":\"unknown scan " + ID + "\"}");
    assertThat(forgotten).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "0F", "..f", "*"})
  void answers400ForAnInvalidScanId(String id) throws Exception {
    serve(
        any -> {
          throw new AssertionError(any);
        });

    HttpResponse<String> answer = delete(id);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("expected 64 lowercase hex digits");
  }

  @Test
  void answers503WhileKafkaOrTheDiskIsUnavailable() throws Exception {
    List<Exception> failures =
        new ArrayList<>(
            List.of(
                new TimeoutException("no broker"),
                new IOException("no disk"),
                // Has no message.
                new ClosedChannelException()));
    serve(
        id -> {
          Exception failure = failures.remove(0);
          if (failure instanceof IOException e) {
            throw e;
          }
          throw (TimeoutException) failure;
        });

    for (String reason : List.of("no broker", "no disk", "ClosedChannelException")) {
      HttpResponse<String> answer = delete(ID);

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("10");
      assertThat(answer.body()).contains(reason);
    }
    assertThat(forgotten).isEmpty();
  }

  @Test
  void answers409IfTheFileIsInAnotherStore() throws Exception {
    serve(
        id -> {
          throw new OtherScanStoreException("s3://scans/");
        });

    HttpResponse<String> answer = delete(ID);

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
    assertThat(answer.body()).contains("in another store, expected s3://scans/ (scan-store)");
    assertThat(forgotten).isEmpty();
  }

  @Test
  void answers403IfKafkaDeniesIt() throws Exception {
    serve(
        id -> {
          throw new TopicAuthorizationException(Set.of("test.volumes"));
        });

    HttpResponse<String> answer = delete(ID);

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body())
        .contains("Kafka does not let this ingest erase scans")
        .contains("test.volumes");
    assertThat(forgotten).isEmpty();
  }

  @Test
  void doesOneErasureAtATime() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    serve(
        id -> {
          begun.countDown();
          await(end);
          return Optional.empty();
        });

    CompletableFuture<HttpResponse<String>> first =
        client.sendAsync(request(ID), BodyHandlers.ofString());
    await(begun);
    assertThat(delete(ID).statusCode()).isEqualTo(429);
    end.countDown();

    assertThat(first.get().statusCode()).isEqualTo(404);
    assertThat(delete(ID).statusCode()).isEqualTo(404);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void serve(ErasureRoute.Erasing erasing) {
    ErasureRoute route = new ErasureRoute(erasing, forgotten::add);
    server = Javalin.create(javalin -> javalin.routes.delete("/scans/{id}", route::delete));
    server.start("127.0.0.1", 0);
  }

  private HttpResponse<String> delete(String id) throws Exception {
    return client.send(request(id), BodyHandlers.ofString());
  }

  private HttpRequest request(String id) {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + "/scans/" + id);
    return HttpRequest.newBuilder(uri).DELETE().build();
  }
}
