package org.pneumostream.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.system.RunningSystem.Read;
import org.pneumostream.trainer.TrainerConfig;

/** Observes a trainer in another process, over HTTP and through its records. */
final class TrainerWatch {
  private final HttpClient http = HttpClient.newHttpClient();
  private final RunningSystem client;
  private final String address;
  private final int minNewLabels;

  TrainerWatch(RunningSystem client) {
    this.client = client;
    this.address = "http://127.0.0.1:" + client.settings().get(TrainerConfig.PORT);
    this.minNewLabels = client.settings().get(TrainerConfig.MIN_NEW_LABELS);
  }

  /** Whether it is neither training nor about to. */
  boolean isIdle() throws IOException, InterruptedException {
    String metrics = metrics();
    return gauge(metrics, "training_active") == 0
        && gauge(metrics, "training_waiting") == 0
        && gauge(metrics, "training_new_labels") < minNewLabels;
  }

  boolean isTraining() throws IOException, InterruptedException {
    return gauge(metrics(), "training_active") == 1;
  }

  void trainNow() throws IOException, InterruptedException {
    http.send(
        HttpRequest.newBuilder(URI.create(address + "/runs"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        BodyHandlers.discarding());
  }

  /** The finished epochs, in order, by run. */
  Map<String, List<Integer>> epochs() {
    return client.now(client.topics().trainingEpochs()).stream()
        .collect(
            Collectors.groupingBy(
                Read::key,
                Collectors.mapping(read -> read.value().getEpoch(), Collectors.toList())));
  }

  /** Number of finished epochs of runs other than these. */
  int epochsSince(Set<String> runs) {
    Map<String, List<Integer>> others = epochs();
    others.keySet().removeAll(runs);
    return others.values().stream().mapToInt(List::size).sum();
  }

  /** Whether the newest version was trained on all current labeled volumes. */
  boolean hasTrainedOnAll() {
    try (var consumer = client.kafka().consumer(Map.of())) {
      Map<String, Long> ends = new HashMap<>();
      CommittedRecords.upToNow(consumer, client.topics().labeledVolumes().name())
          .endOffsets()
          .forEach((partition, end) -> ends.put(Integer.toString(partition), end));
      return newestLineage().map(Lineage::getSnapshot).equals(Optional.of(ends));
    }
  }

  /** The lineage of the newest version. */
  Optional<Lineage> newestLineage() {
    try (ModelCatalogue catalogue =
        new ModelCatalogue(client.kafka(), client.settings().get(ModelSettings.NAME))) {
      List<ModelVersion> versions = catalogue.refresh().versions();
      return versions.isEmpty()
          ? Optional.empty()
          : Optional.ofNullable(versions.get(versions.size() - 1).getLineage());
    }
  }

  private String metrics() throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create(address + "/metrics")).build(),
            BodyHandlers.ofString())
        .body();
  }

  private static double gauge(String metrics, String name) {
    Matcher line =
        Pattern.compile("(?m)^pneumostream_" + name + "(?:\\{.*})? (\\S+)$").matcher(metrics);
    if (!line.find()) {
      throw new AssertionError("no " + name + " in the trainer's metrics: " + metrics);
    }
    return Double.parseDouble(line.group(1));
  }
}
