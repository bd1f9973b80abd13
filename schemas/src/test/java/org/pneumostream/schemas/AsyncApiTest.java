package org.pneumostream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/asyncapi.yaml agrees with the catalogue of topics and with the rights in docs/security.md.
 */
class AsyncApiTest {
  private static final Path FOLDER = Path.of("..", "docs");
  private static final String PREFIX = "pneumostream.";
  private static JsonNode document;

  @BeforeAll
  static void read() throws IOException {
    document = new YAMLMapper().readTree(FOLDER.resolve("asyncapi.yaml").toFile());
  }

  static List<Topic<?>> topics() {
    return new Topics(new TopicSettings(PREFIX, 1, (short) -1, 16 << 20), Registry.inMemory())
        .all();
  }

  @Test
  void hasExactlyOneChannelPerTopic() {
    List<String> addresses = new ArrayList<>();
    document.get("channels").forEach(channel -> addresses.add(channel.get("address").asText()));

    assertThat(addresses)
        .containsExactlyInAnyOrderElementsOf(topics().stream().map(Topic::name).toList());
  }

  @ParameterizedTest
  @MethodSource("topics")
  void statesRetentionOfATopic(Topic<?> topic) {
    JsonNode kept = channel(topic).at("/bindings/kafka/topicConfiguration");

    assertThat(kept.get("cleanup.policy").get(0).asText())
        .isEqualTo(topic.settings().get(TopicConfig.CLEANUP_POLICY_CONFIG));
    for (String time :
        List.of(TopicConfig.RETENTION_MS_CONFIG, TopicConfig.DELETE_RETENTION_MS_CONFIG)) {
      assertThat(kept.path(time).asText(null)).as(time).isEqualTo(topic.settings().get(time));
    }
  }

  @ParameterizedTest
  @MethodSource("topics")
  void statesTheSchemaOfATopicsValues(Topic<?> topic) throws IOException {
    JsonNode messages = channel(topic).get("messages");
    assertThat(messages).hasSize(1);
    JsonNode message = resolved(messages.iterator().next());
    Path file = FOLDER.resolve(message.at("/payload/schema/$ref").asText());

    assertThat(file).isRegularFile();
    assertThat(new YAMLMapper().readTree(file.toFile()).get("name").asText())
        .isEqualTo(schema(topic).getName());
    assertThat(message.at("/bindings/kafka/key/description").asText()).isNotEmpty();
  }

  @Test
  void everyOperationReferencesAnExistingChannel() {
    for (JsonNode operation : document.get("operations")) {
      assertThat(operation.get("action").asText()).isIn("send", "receive");
      assertThat(resolved(operation.get("channel")).get("address").asText()).startsWith(PREFIX);
    }
  }

  /**
   * The rights that docs/security.md gives each login, without those that may do everything or
   * nothing.
   */
  static List<MatchResult> logins() throws IOException {
    return Pattern.compile("(?m)^\\| `([a-z-]+)` \\| ([a-z, -]+) \\| ([a-z, -]*)\\|")
        .matcher(Files.readString(FOLDER.resolve("security.md")))
        .results()
        .filter(row -> !row.group(2).equals("everything"))
        .toList();
  }

  @Test
  void namesExactlyTheLoginsThatHaveRights() throws IOException {
    List<String> names = new ArrayList<>(List.of("erasure", "retry"));
    logins().forEach(row -> names.add(row.group(1)));

    assertThat(names).contains("ingest", "preprocess-stream", "scorer", "trainer", "alerts");
    Set<String> found = new TreeSet<>();
    document
        .get("operations")
        .fieldNames()
        .forEachRemaining(name -> found.add(name.replaceFirst("-(sends|receives)-.*", "")));
    assertThat(found).containsExactlyInAnyOrderElementsOf(names);
  }

  @ParameterizedTest
  @MethodSource("logins")
  void readersAndWritersMatchTheRights(MatchResult row) {
    assertThat(operations(row.group(1), "receive")).isEqualTo(topics(row.group(2)));
    assertThat(operations(row.group(1), "send")).isEqualTo(topics(row.group(3)));
  }

  @Test
  void statesWhichTopicsAnErasureWritesTombstonesTo() {
    List<String> keyed =
        new Topics(new TopicSettings("", 1, (short) -1, 16 << 20), Registry.inMemory())
            .keyedByScan().stream().<String>map(Topic::name).toList();

    assertThat(operations("erasure", "send")).isEqualTo(Set.copyOf(keyed));
  }

  /** Topics that someone reads or writes, by operation and by channel. */
  private static Set<String> operations(String who, String action) {
    Set<String> topics = new TreeSet<>();
    document
        .get("operations")
        .fields()
        .forEachRemaining(
            operation -> {
              String topic = resolved(operation.getValue().get("channel")).get("address").asText();
              String name = topic.substring(PREFIX.length());
              if (operation.getKey().equals(who + "-" + action + "s-" + name)) {
                assertThat(operation.getValue().get("action").asText()).isEqualTo(action);
                topics.add(name);
              }
            });
    return topics;
  }

  private static Set<String> topics(String cell) {
    return cell.isBlank() ? Set.of() : Set.of(cell.strip().split(", "));
  }

  private static Schema schema(Topic<?> topic) {
    return topic.values().schema();
  }

  private static JsonNode channel(Topic<?> topic) {
    return document.get("channels").get(topic.name().substring(PREFIX.length()));
  }

  /** Resolves a reference within the document. */
  private static JsonNode resolved(JsonNode reference) {
    JsonNode target = document.at(reference.get("$ref").asText().substring(1));
    assertThat(target.isMissingNode()).as(reference.toString()).isFalse();
    return target;
  }
}
