package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.pneumostream.cli.Execution;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.scanstore.DirectoryScanStore;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.Reference;
import org.pneumostream.schemas.Topic;
import org.pneumostream.scorer.ScorerConfig;
import org.pneumostream.system.RunningSystem.Read;

/** The state that a system must reach when its backlog is empty, whatever happened before. */
final class Aftermath {
  private final RunningSystem client;
  private final Path store;
  private final Map<String, Finding> taken;

  /**
   * @param taken findings of the accepted scans, by id
   */
  Aftermath(RunningSystem client, Path store, Map<String, Finding> taken) {
    this.client = client;
    this.store = store;
    this.taken = taken;
  }

  void check() throws Exception {
    auditFindsNothing();
    everyScanIsPredictedOnce();
    everyScanIsInTheTrainingSet();
    everyPublishedRunIsWhole();
    theLastRunHasSeenEveryScan();
    theChampionIsWhatItsRecordSays();
    theScanStoreHoldsWhatIsReferredTo();
  }

  private void auditFindsNothing() throws IOException {
    Execution audit =
        Execution.of(
            "audit",
            "--json",
            "--bootstrap-servers",
            client.settings().get(KafkaSettings.BOOTSTRAP_SERVERS),
            "--schema-registry-url",
            client.settings().get(KafkaSettings.SCHEMA_REGISTRY_URL));
    JsonNode nothing =
        new ObjectMapper()
            .readTree(
                """
                {"scans": %d, "predicted": %d, "deadLettered": 0, "erased": 0, "missing": [], "expiredUnread": 0,
                 "predictedAndDeadLettered": [], "predictedTwice": [], "alertedTwice": [],
                 "alertedWithoutPrediction": [], "deadLettersWaiting": 0,
                 "deadLettersUnderway": 0, "deadLettersSettled": 0, "unreadable": []}
                """
                    .formatted(taken.size(), taken.size()));
    assertThat(audit.json()).isEqualTo(nothing);
    assertThat(audit.status()).isZero();
  }

  private void everyScanIsPredictedOnce() {
    List<Read<Prediction>> predictions = client.now(client.topics().predictions());
    double threshold = client.settings().get(ScorerConfig.ALERT_THRESHOLD);

    assertThat(predictions)
        .extracting(Read::key)
        .containsExactlyInAnyOrderElementsOf(taken.keySet());
    assertThat(client.now(client.topics().alerts()))
        .extracting(Read::key)
        .containsExactlyInAnyOrderElementsOf(
            predictions.stream()
                .filter(read -> read.value().getProbabilityAbnormal() >= threshold)
                .map(Read::key)
                .toList());
  }

  private void everyScanIsInTheTrainingSet() {
    assertThat(latest(client.topics().labels(), label -> label.getFinding())).isEqualTo(taken);
    assertThat(latest(client.topics().labeledVolumes(), both -> both.getLabel().getFinding()))
        .isEqualTo(taken);
  }

  /** A version is published once, with each of its epochs written once, and judged once. */
  private void everyPublishedRunIsWhole() {
    Map<String, List<Integer>> epochs = new TrainerWatch(client).epochs();
    Map<String, List<ModelEventType>> events =
        client.now(client.topics().modelEvents()).stream()
            .map(Read::value)
            .filter(event -> event.getVersion() != null)
            .collect(
                Collectors.groupingBy(
                    ModelEvent::getVersion,
                    Collectors.mapping(ModelEvent::getType, Collectors.toList())));
    List<ModelVersion> trained =
        versions().stream()
            .filter(version -> events.get(version.getVersion()).contains(ModelEventType.TRAINED))
            .toList();

    assertThat(trained)
        .extracting(version -> version.getLineage().getRunId())
        .doesNotHaveDuplicates();
    assertThat(trained)
        .isNotEmpty()
        .allSatisfy(
            version -> {
              assertThat(epochs.get(version.getLineage().getRunId()))
                  .containsExactlyElementsOf(
                      IntStream.rangeClosed(1, CrashRun.EPOCHS).boxed().toList());
              assertThat(events.get(version.getVersion()))
                  .hasSize(2)
                  .startsWith(ModelEventType.TRAINED)
                  .containsAnyOf(ModelEventType.PROMOTED, ModelEventType.REJECTED);
            });
    assertThat(epochs.values()).allSatisfy(numbers -> assertThat(numbers).doesNotHaveDuplicates());
  }

  private void theLastRunHasSeenEveryScan() {
    Lineage lineage = new TrainerWatch(client).newestLineage().orElseThrow();

    assertThat(
            Stream.of(lineage.getTraining(), lineage.getValidation(), lineage.getHoldout())
                .mapToInt(count -> count.getNormal() + count.getAbnormal())
                .sum())
        .isEqualTo(taken.size());
  }

  private void theChampionIsWhatItsRecordSays() throws Exception {
    try (ModelCatalogue catalogue = catalogue()) {
      ModelVersion champion = catalogue.refresh().champion().orElseThrow();
      byte[] weights = catalogue.withWeights(champion.getVersion()).getWeights().array();

      assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(weights)))
          .isEqualTo(champion.getSha256());
    }
  }

  private void theScanStoreHoldsWhatIsReferredTo() throws IOException {
    DirectoryScanStore scans = new DirectoryScanStore(store);
    List<Reference> references =
        client.now(client.topics().scans()).stream()
            .map(read -> read.value().getReference())
            .filter(reference -> reference != null)
            .toList();
    assertThat(references).isNotEmpty();
    for (Reference reference : references) {
      try (InputStream bytes = scans.open(reference)) {
        bytes.transferTo(OutputStream.nullOutputStream());
      }
    }
    scans.removeAbandoned(Instant.now().plusSeconds(1));
    try (Stream<Path> files = Files.list(store)) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> file.toAbsolutePath().toUri().toString())
                  .filter(uri -> !uri.endsWith("/owner")))
          .hasSameElementsAs(Set.copyOf(references.stream().map(Reference::getUri).toList()));
    }
  }

  private <V extends SpecificRecord> Map<String, Finding> latest(
      Topic<V> topic, Function<V, Finding> finding) {
    Map<String, Finding> latest = new HashMap<>();
    client.now(topic).forEach(read -> latest.put(read.key(), finding.apply(read.value())));
    return latest;
  }

  private List<ModelVersion> versions() {
    try (ModelCatalogue catalogue = catalogue()) {
      return catalogue.refresh().versions();
    }
  }

  private ModelCatalogue catalogue() {
    return new ModelCatalogue(client.kafka(), client.settings().get(ModelSettings.NAME));
  }
}
