package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.Topic;
import org.pneumostream.system.RunningSystem.Read;

/** Erasure removes a scan: see {@link SystemBehaviour}. */
interface ErasureBehaviour extends SystemUnderTest {
  @Test
  default void anErasedScanIsGoneEverywhereAndCanBePushedAgain(TestInfo test) throws Exception {
    Map<String, String> settings = Map.of("inline-max-bytes", "1 KiB", "alert-threshold", "0");
    try (RunningSystem system = system(test, settings).start();
        var producer = system.kafka().producer(Map.of())) {
      system.publishModel(1);
      String erased = system.push(SmallPhantom.file(1));
      String kept = system.push(SmallPhantom.file(2));
      system.label(erased, "abnormal");
      system.label(kept, "normal");
      byte[] junk = {1, 2, 3};
      producer.send(new ProducerRecord<>(system.topics().volumes().name(), erased, junk)).get();
      system.await(system.topics().alerts(), read -> RunningSystem.keys(read).size() == 2);
      system.await(system.topics().labeledVolumes(), read -> RunningSystem.keys(read).size() == 2);
      // One from preprocess-stream, one from the scorer.
      system.await(system.topics().deadLetters(), read -> read.size() == 2);

      HttpResponse<String> answer = system.delete("/scans/" + erased);

      assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
      JsonNode done = new ObjectMapper().readTree(answer.body());
      assertThat(done.get("topics").toString())
          .isEqualTo(new ObjectMapper().writeValueAsString(names(system.topics().keyedByScan())));
      assertThat(done.get("files").asInt()).isEqualTo(1);
      for (Topic<?> topic : system.topics().keyedByScan()) {
        Map<String, byte[]> latest = latest(system, topic);
        assertThat(latest).as(topic.name()).containsEntry(erased, null);
        if (!topic.equals(system.topics().deadLetters())) {
          assertThat(latest.get(kept)).as(topic.name()).isNotNull();
        }
      }
      assertThat(objects()).singleElement().asString().startsWith(kept);
      assertThat(system.delete("/scans/" + erased).statusCode()).isEqualTo(404);

      HttpResponse<String> again = system.post("/scans", SmallPhantom.file(1));
      assertThat(again.statusCode()).describedAs(again.body()).isEqualTo(202);
      List<Read<Prediction>> predictions =
          system.await(
              system.topics().predictions(),
              read -> read.stream().filter(p -> isValueOf(erased, p)).count() == 2);
      assertThat(predictions.stream().filter(p -> isValueOf(kept, p))).hasSize(1);
      assertThat(latest(system, system.topics().labeledVolumes())).containsEntry(erased, null);
    }
  }

  private static boolean isValueOf(String scanId, Read<?> read) {
    return read.key().equals(scanId) && Objects.nonNull(read.value());
  }

  private static List<String> names(List<Topic<?>> topics) {
    return topics.stream().<String>map(Topic::name).toList();
  }

  private static Map<String, byte[]> latest(RunningSystem system, Topic<?> topic) {
    Map<String, byte[]> latest = new HashMap<>();
    system.records(topic).forEach(record -> latest.put(record.key(), record.value()));
    return latest;
  }

  private List<String> objects() throws IOException {
    try (Stream<Path> files = Files.list(directory().resolve("scan-store"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("owner"))
          .toList();
    }
  }
}
