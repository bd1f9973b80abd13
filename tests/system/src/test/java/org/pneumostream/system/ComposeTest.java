package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Open ports, logins and exits of the processes in docker-compose.yml. */
class ComposeTest {
  private static final Pattern RELEASE = Pattern.compile(".*:RELEASE\\.(\\d{4}-\\d\\d-\\d\\d)T.*");

  private static final String EXIT = "-XX:+ExitOnOutOfMemoryError";

  /** The services that require a token. */
  private static final Set<String> GUARDED =
      Set.of("ingest", "preprocess-stream", "scorer", "trainer");

  private JsonNode compose;
  private JsonNode services;

  @BeforeEach
  void read() throws Exception {
    compose = new YAMLMapper().readTree(Path.of("..", "..", "docker-compose.yml").toFile());
    services = compose.get("services");
  }

  /**
   * CVE-2025-62506: in earlier versions of MinIO a restricted user could grant itself all rights.
   */
  @Test
  void theObjectStoreHasTheFixForItsPrivileges() {
    for (String service : List.of("minio", "scan-bucket")) {
      Matcher release = RELEASE.matcher(services.get(service).get("image").asText());

      assertThat(release.matches()).as(service).isTrue();
      assertThat(LocalDate.parse(release.group(1)))
          .as(service)
          .isAfterOrEqualTo(LocalDate.of(2025, 10, 15));
    }
  }

  @Test
  void noServiceHasTheRootLogin() {
    String rootUser = services.at("/minio/environment/MINIO_ROOT_USER").asText();
    String rootPassword = services.at("/minio/environment/MINIO_ROOT_PASSWORD").asText();
    JsonNode login = compose.get("x-scan-store-environment");

    assertThat(login.get("AWS_ACCESS_KEY_ID").asText()).isNotEqualTo(rootUser);
    assertThat(login.get("AWS_SECRET_ACCESS_KEY").asText()).isNotEqualTo(rootPassword);
    for (String service : List.of("ingest", "preprocess-stream", "scorer", "trainer")) {
      assertThat(services.get(service).toString()).as(service).doesNotContain(rootPassword);
    }
  }

  @Test
  void theServicesUserHasOnlyTheRightsThatTheStoreNeeds() throws Exception {
    String script = services.at("/scan-bucket/command/0").asText();
    Matcher policy = Pattern.compile("(?s)<<'END'\n(.*?)\nEND\n").matcher(script);
    assertThat(policy.find()).isTrue();
    List<String> resources = new ArrayList<>();
    List<String> actions = new ArrayList<>();
    for (JsonNode statement : new ObjectMapper().readTree(policy.group(1)).get("Statement")) {
      assertThat(statement.get("Effect").asText()).isEqualTo("Allow");
      statement.get("Resource").forEach(resource -> resources.add(resource.asText()));
      statement.get("Action").forEach(action -> actions.add(action.asText()));
    }

    assertThat(resources).containsExactly("arn:aws:s3:::scans", "arn:aws:s3:::scans/*");
    assertThat(actions)
        .containsExactlyInAnyOrderElementsOf(
            Set.of(
                "s3:ListBucket",
                "s3:ListBucketMultipartUploads",
                "s3:GetObject",
                "s3:PutObject",
                "s3:DeleteObject",
                "s3:AbortMultipartUpload",
                "s3:ListMultipartUploadParts"));
    String user = compose.at("/x-scan-store-environment/AWS_ACCESS_KEY_ID").asText();
    assertThat(script)
        .contains("mc admin user add store " + user + " ")
        .contains("mc admin policy attach store scans-only --user " + user);
  }

  @Test
  void onlyServicesWithTokensListenBeyondLoopback() {
    Set<String> opened = new TreeSet<>();
    for (Map.Entry<String, JsonNode> service : services.properties()) {
      for (JsonNode port : service.getValue().path("ports")) {
        if (!port.asText().startsWith("127.0.0.1:")) {
          opened.add(service.getKey());
        }
      }
    }
    assertThat(opened).isEqualTo(new TreeSet<>(GUARDED));
  }

  @Test
  void brokersAndRegistryEndWhenTheyAreOutOfMemory() {
    assertThat(compose.at("/x-broker-environment/KAFKA_OPTS").asText()).contains(EXIT);
    assertThat(compose.at("/services/schema-registry/environment/SCHEMA_REGISTRY_OPTS").asText())
        .contains(EXIT);
  }
}
