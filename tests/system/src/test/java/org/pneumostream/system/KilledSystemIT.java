package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.Pneumostream;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.TrainingEpoch;
import org.pneumostream.standalone.EmbeddedRegistry;
import org.pneumostream.system.RunningSystem.Read;

/** {@code ./pneumostream standalone} as a process that is killed. */
class KilledSystemIT {
  private static final int SCANS = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir Path directory;

  @Test
  void everyScanHasOnePredictionAfterAKillDuringScoring() throws Exception {
    Set<String> pushed = new HashSet<>();
    Map<String, String> ports;
    try (StandaloneProcess standalone = new StandaloneProcess(directory, Map.of());
        RunningSystem client = standalone.client()) {
      for (int seed = 0; seed < SCANS; seed++) {
        pushed.add(client.push(standalone.ingestPort(), SmallPhantom.file(seed)));
      }
      client.publishModel(1);
      client.await(client.topics().predictions(), read -> read.size() >= 3);
      ports = killed(standalone);
    }
    // Broker and registry of the killed process still hold the ports that the next one needs.
    try (StandaloneProcess standalone = new StandaloneProcess(directory, ports);
        RunningSystem client = standalone.client()) {
      String last = client.push(standalone.ingestPort(), SmallPhantom.file(SCANS));
      pushed.add(last);
      List<Read<Prediction>> predictions =
          client.await(
              client.topics().predictions(),
              read -> read.stream().map(Read::key).toList().containsAll(pushed));
      assertThat(predictions).extracting(Read::key).containsExactlyInAnyOrderElementsOf(pushed);

      // A volume from before the kill is read from its place.
      String labeled = client.push(standalone.ingestPort(), SmallPhantom.file(0), "abnormal");
      assertThat(client.await(client.topics().labeledVolumes(), read -> !read.isEmpty()))
          .extracting(Read::key, read -> read.value().getLabel().getFinding())
          .containsExactly(tuple(labeled, Finding.ABNORMAL));
    }
  }

  @Test
  void afterAKillOnlyTheCurrentChampionScoresTheBacklog() throws Exception {
    Set<String> waiting = new HashSet<>();
    Map<String, String> ports;
    try (StandaloneProcess standalone = new StandaloneProcess(directory, Map.of());
        RunningSystem client = standalone.client()) {
      client.publishModel(1);
      for (long seed = 2; seed <= 3; seed++) {
        client.models().promote(client.publishModel(seed).getVersion(), "test");
      }
      assertThat(client.models().rollback("test").getVersion()).isEqualTo("2");
      String by = "";
      int seed = 0;
      while (!by.equals("2")) {
        String id = client.push(standalone.ingestPort(), SmallPhantom.file(seed++));
        by =
            client
                .await(client.topics().predictions(), read -> RunningSystem.keys(read).contains(id))
                .stream()
                .filter(read -> read.key().equals(id))
                .findFirst()
                .orElseThrow()
                .value()
                .getModelVersion();
      }
      for (int more = 0; more < SCANS; more++) {
        waiting.add(client.push(standalone.ingestPort(), SmallPhantom.file(seed + more)));
      }
      int scored = seed;
      client.await(client.topics().predictions(), read -> read.size() > scored);
      ports = killed(standalone);
    }
    try (StandaloneProcess standalone = new StandaloneProcess(directory, ports);
        RunningSystem client = standalone.client()) {
      List<Read<Prediction>> predictions =
          client.await(
              client.topics().predictions(), read -> RunningSystem.keys(read).containsAll(waiting));
      assertThat(predictions.stream().filter(read -> waiting.contains(read.key())))
          .hasSize(SCANS)
          .extracting(read -> read.value().getModelVersion())
          .containsOnly("2");
    }
  }

  @Test
  void flushesPushesBeforeItAcknowledgesThem() throws Exception {
    try (StandaloneProcess standalone = new StandaloneProcess(directory, Map.of());
        RunningSystem client = standalone.client();
        Admin admin = client.kafka().admin()) {
      List<ConfigResource> topics =
          client.topics().all().stream()
              .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
              .toList();
      Map<ConfigResource, Config> settings = admin.describeConfigs(topics).all().get();

      assertThat(topics)
          .filteredOn(topic -> settings.get(topic).get("flush.messages").value().equals("1"))
          .extracting(ConfigResource::name)
          .containsExactlyInAnyOrder(
              client.topics().scans().name(), client.topics().labels().name());
    }
  }

  @Test
  void resumesTheRunAfterAKillDuringTraining() throws Exception {
    Map<String, String> settings =
        Map.of(
            "train-epochs", "12",
            "train-min-scans-per-class", "1",
            "train-augment", "false",
            "min-new-labels", "16");
    String run;
    try (StandaloneProcess standalone = new StandaloneProcess(directory, settings);
        RunningSystem client = standalone.client()) {
      for (int seed = 0; seed < 16; seed++) {
        String finding = seed % 2 == 0 ? "normal" : "abnormal";
        client.push(standalone.ingestPort(), SmallPhantom.file(seed), finding);
      }
      run = client.await(client.topics().trainingEpochs(), read -> read.size() >= 2).get(0).key();
      assertThat(client.now(client.topics().modelEvents())).isEmpty();
      standalone.kill();
    }
    try (StandaloneProcess standalone = new StandaloneProcess(directory, settings);
        RunningSystem client = standalone.client()) {
      List<Read<ModelEvent>> events =
          client.await(client.topics().modelEvents(), read -> read.size() >= 2);
      List<Read<TrainingEpoch>> epochs = client.now(client.topics().trainingEpochs());

      assertThat(epochs)
          .allSatisfy(read -> assertThat(read.key()).isEqualTo(run))
          .extracting(read -> read.value().getEpoch())
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 12).boxed().toList());
      assertThat(events)
          .extracting(read -> read.value().getType())
          .containsExactly(ModelEventType.TRAINED, ModelEventType.PROMOTED);
      assertThat(events.get(0).value().getReason()).contains(run);
    }
  }

  @Test
  void aStopDuringTheStartLeavesNoProcessBehind() throws Exception {
    Process standalone = launch(directory, Map.of());
    Path note = directory.resolve("kafka.pid");
    Condition.await("broker", PATIENCE, () -> !Files.readString(note).isEmpty());
    Set<ProcessHandle> children = standalone.descendants().collect(Collectors.toSet());

    standalone.destroy();

    assertThat(standalone.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    assertThat(note).doesNotExist();
  }

  /** Kills it; returns the ports that its broker and its registry still hold. */
  private static Map<String, String> killed(StandaloneProcess standalone) throws Exception {
    Map<String, String> ports =
        Map.of(
            "kafka-port", standalone.port("kafka"),
            "registry-port", standalone.port("schema registry"));
    standalone.kill();
    return ports;
  }

  private static Process launch(Path directory, Map<String, String> settings) throws IOException {
    Map<String, String> all = new HashMap<>();
    for (String part :
        List.of("kafka", "registry", "ingest", "preprocess-stream", "scorer", "trainer")) {
      all.put(part + "-port", "0");
    }
    all.put("score-batch-max", "1");
    all.put("input-shape", "48x48x48");
    all.putAll(settings);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D"
                    + EmbeddedRegistry.HOME_PROPERTY
                    + "="
                    + System.getProperty(EmbeddedRegistry.HOME_PROPERTY),
                "-cp",
                System.getProperty("java.class.path"),
                Pneumostream.class.getName(),
                "standalone",
                "--data-dir",
                directory.toString()));
    all.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** The command, whose output is read for the addresses that it prints. */
  private static final class StandaloneProcess implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile(":(\\d+)");

    private final Path directory;
    private final Process process;
    private final Map<String, String> addresses = new HashMap<>();

    StandaloneProcess(Path directory, Map<String, String> settings) throws IOException {
      this.directory = directory;
      process = launch(directory, settings);
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      for (String line = out.readLine();
          line != null && !line.startsWith("For research use");
          line = out.readLine()) {
        int gap = line.indexOf("  ");
        addresses.put(line.substring(0, gap), line.substring(gap).strip());
      }
    }

    /** Topics, models and HTTP of the running system; starts no services. */
    RunningSystem client() {
      return new RunningSystem(
          addresses.get("kafka"),
          addresses.get("schema registry"),
          "pneumostream.",
          directory.resolve("client"),
          Map.of());
    }

    int ingestPort() {
      return Integer.parseInt(port("ingest"));
    }

    String port(String name) {
      Matcher matcher = PORT.matcher(addresses.get(name));
      assertThat(matcher.find()).as(addresses.get(name)).isTrue();
      return matcher.group(1);
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().join();
    }
  }
}
