package org.pneumostream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What docker-compose.yml opens, and how its processes end. */
class ComposeTest {
  private static final String EXIT = "-XX:+ExitOnOutOfMemoryError";

  /** The services that ask for a token. */
  private static final Set<String> GUARDED =
      Set.of("ingest", "preprocess-stream", "scorer", "trainer");

  @Test
  void onlyWhatAsksForTokensIsOpenedBeyondLoopback() throws IOException {
    Set<String> opened = new TreeSet<>();
    for (Map.Entry<String, JsonNode> service : compose().get("services").properties()) {
      for (JsonNode port : service.getValue().path("ports")) {
        if (!port.asText().startsWith("127.0.0.1:")) {
          opened.add(service.getKey());
        }
      }
    }
    assertThat(opened).isEqualTo(new TreeSet<>(GUARDED));
  }

  @Test
  void brokersAndRegistryEndWhenTheyAreOutOfMemory() throws IOException {
    assertThat(compose().at("/x-broker-environment/KAFKA_OPTS").asText()).contains(EXIT);
    assertThat(compose().at("/services/schema-registry/environment/SCHEMA_REGISTRY_OPTS").asText())
        .contains(EXIT);
  }

  private static JsonNode compose() throws IOException {
    return Monitoring.yaml(Path.of("..", "docker-compose.yml"));
  }
}
