package org.pneumostream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTest {
  private static final Schema SCHEMA =
      SchemaBuilder.record("Any").fields().requiredInt("number").endRecord();

  @ParameterizedTest
  @ValueSource(ints = {404, 409, 422})
  void anAnswerAboutTheSchemaIsTheRecordsFault(int status) throws IOException {
    ask(
        status,
        registry -> {
          assertThatThrownBy(() -> registry.schema(7)).isInstanceOf(SerializationException.class);
          assertThatThrownBy(() -> registry.register("s-value", SCHEMA))
              .isInstanceOf(SerializationException.class)
              .hasMessageContaining("s-value");
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 500, 502, 503})
  void anyOtherRefusalMeansThatTheRegistryIsAway(int status) throws IOException {
    ask(
        status,
        registry -> {
          assertThatThrownBy(() -> registry.schema(7)).isInstanceOf(RegistryAwayException.class);
          assertThatThrownBy(() -> registry.register("s-value", SCHEMA))
              .isInstanceOf(RegistryAwayException.class);
        });
  }

  /** As another application's record has it that lies on a topic of ours. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schemaType\":\"JSON\",\"schema\":\"{\\\"type\\\":\\\"object\\\"}\"}",
        "{\"schema\":\"{\\\"type\\\":\\\"nothing\\\"}\"}",
        "{\"schema\":\"\"}"
      })
  void aSchemaThatIsNoAvroIsTheRecordsFault(String answer) throws IOException {
    ask(
        200,
        answer,
        registry ->
            assertThatThrownBy(() -> registry.schema(7))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("schema with id 7"));
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

  /** Asks a registry that answers everything with one status, in Confluent's form. */
  private static void ask(int status, Asking asking) throws IOException {
    ask(status, "{\"error_code\":" + status + ",\"message\":\"refused\"}", asking);
  }

  private static void ask(int status, String answer, Asking asking) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      asking.of(Registry.at("http://127.0.0.1:" + server.getAddress().getPort(), Map.of()));
    } finally {
      server.stop(0);
    }
  }
}
