package org.pneumostream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTest {
  private static final Schema SCHEMA =
      SchemaBuilder.record("Any").fields().requiredInt("number").endRecord();

  private static final String UNKNOWN = "{\"error_code\":40403,\"message\":\"Schema 7 not found\"}";
  private static final String KNOWN = "{\"schema\":\"\\\"string\\\"\"}";

  @ParameterizedTest
  @ValueSource(ints = {409, 422})
  void aRefusedSchemaIsAFaultOfTheRecord(int status) throws IOException {
    ask(
        status,
        registry -> {
          assertThatThrownBy(() -> registry.schema(7)).isInstanceOf(SerializationException.class);
          assertThatThrownBy(() -> registry.register("s-value", SCHEMA))
              .isInstanceOf(SerializationException.class)
              .hasMessageContaining("s-value");
        });
  }

  /** A registry that has just started, or a follower, may not have read its schemas. */
  @Test
  void retriesASchemaThatTheRegistryDoesNotKnowYet() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    answer(
        () -> asked.incrementAndGet() <= 2 ? new Answer(404, UNKNOWN) : new Answer(200, KNOWN),
        url -> {
          Registry registry = Registry.at(url, Map.of(), 1000);

          assertThat(registry.schema(7)).isEqualTo(Schema.create(Schema.Type.STRING));
        });
    assertThat(asked).hasValue(3);
  }

  @Test
  void aSchemaThatStaysUnknownIsAFaultOfTheRecord() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    answer(
        () -> asked.incrementAndGet() <= 2 ? new Answer(404, UNKNOWN) : new Answer(200, KNOWN),
        url -> {
          Registry registry = Registry.at(url, Map.of(), 0);

          assertThatThrownBy(() -> registry.schema(7))
              .isInstanceOf(SerializationException.class)
              .hasMessageContaining("no schema with id 7");
          assertThatThrownBy(() -> registry.schema(7)).isInstanceOf(SerializationException.class);
          assertThat(registry.schema(7)).isEqualTo(Schema.create(Schema.Type.STRING));
        });
  }

  /** Otherwise every malformed record would block its partition for as long. */
  @Test
  void doesNotWaitTwiceForAnUnknownSchema() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    answer(
        () -> {
          asked.incrementAndGet();
          return new Answer(404, UNKNOWN);
        },
        url -> {
          Registry registry = Registry.at(url, Map.of(), 2);
          assertThatThrownBy(() -> registry.schema(7)).isInstanceOf(SerializationException.class);
          assertThat(asked).hasValue(3);
          asked.set(0);

          assertThatThrownBy(() -> registry.schema(7)).isInstanceOf(SerializationException.class);
          assertThat(asked).hasValue(1);
        });
  }

  @Test
  void sendsItsLogin() throws IOException {
    Map<String, String> login =
        Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "me:secret");
    answer(
        headers ->
            new Answer(
                "Basic bWU6c2VjcmV0".equals(headers.getFirst("Authorization")) ? 200 : 401, KNOWN),
        url -> assertThat(Registry.at(url, login).schema(7)).isNotNull());
  }

  /** For example from a proxy without its registry, or for an unknown path. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>404</html>",
        "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}",
        "{\"status\":404,\"title\":\"Could not find resource\"}"
      })
  void a404ThatIsNotTheRegistrysMeansThatItIsUnavailable(String body) throws IOException {
    answer(
        () -> new Answer(404, body),
        url -> {
          Registry registry = Registry.at(url, Map.of(), 0);

          assertThatThrownBy(() -> registry.schema(7)).isInstanceOf(RegistryAwayException.class);
          assertThatThrownBy(() -> registry.register("s-value", SCHEMA))
              .isInstanceOf(RegistryAwayException.class);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 500, 502, 503})
  void anyOtherRefusalMeansThatTheRegistryIsUnavailable(int status) throws IOException {
    ask(
        status,
        registry -> {
          assertThatThrownBy(() -> registry.schema(7)).isInstanceOf(RegistryAwayException.class);
          assertThatThrownBy(() -> registry.register("s-value", SCHEMA))
              .isInstanceOf(RegistryAwayException.class);
        });
  }

  /** As in another application's record on a topic of ours. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schemaType\":\"JSON\",\"schema\":\"{\\\"type\\\":\\\"object\\\"}\"}",
        "{\"schema\":\"{\\\"type\\\":\\\"nothing\\\"}\"}",
        "{\"schema\":\"\"}"
      })
  void aSchemaThatIsNotAvroIsAFaultOfTheRecord(String answer) throws IOException {
    ask(
        200,
        answer,
        registry ->
            assertThatThrownBy(() -> registry.schema(7))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("schema with id 7"));
  }

  @Test
  void namesARegistryThatCannotBeReached() throws IOException {
    String url;
    try (ServerSocket closed = new ServerSocket(0)) {
      url = "http://127.0.0.1:" + closed.getLocalPort() + "/apis";
    }
    Registry registry = Registry.at(url, Map.of());

    assertThatThrownBy(() -> registry.register("s-value", SCHEMA))
        .isInstanceOf(RegistryAwayException.class)
        .hasMessage("registry at " + url + ": cannot register s-value: Connection refused");
  }

  @Test
  void findsItselfAmongTheCausesOfAFailure() {
    RegistryAwayException away = new RegistryAwayException("away", new IOException());

    assertThat(RegistryAwayException.isCauseOf(new IllegalStateException(away))).isTrue();
    assertThat(RegistryAwayException.isCauseOf(new SerializationException("bad"))).isFalse();
  }

  private interface Asking {
    void of(Registry registry);
  }

  private record Answer(int status, String body) {}

  private interface Connecting {
    void to(String url);
  }

  /** Asks a registry that answers everything with one status, in Confluent's form. */
  private static void ask(int status, Asking asking) throws IOException {
    ask(status, "{\"error_code\":" + status + ",\"message\":\"refused\"}", asking);
  }

  private static void ask(int status, String body, Asking asking) throws IOException {
    answer(() -> new Answer(status, body), url -> asking.of(Registry.at(url, Map.of())));
  }

  private static void answer(Supplier<Answer> answers, Connecting connecting) throws IOException {
    answer(headers -> answers.get(), connecting);
  }

  private static void answer(Function<Headers, Answer> answers, Connecting connecting)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          Answer answer = answers.apply(exchange.getRequestHeaders());
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      connecting.to("http://127.0.0.1:" + server.getAddress().getPort());
    } finally {
      server.stop(0);
    }
  }
}
