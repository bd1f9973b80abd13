package org.pneumostream.trainer;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.Network;
import org.pneumostream.classifier.Precision;
import org.pneumostream.models.ChampionHistory;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.models.ModelTransactions;
import org.pneumostream.models.ModelTransactions.Change;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Topics;
import org.pneumostream.schemas.VolumeRecords;
import org.pneumostream.training.Assessment;
import org.pneumostream.training.Gate;
import org.pneumostream.volume.InputShape;

/**
 * Publishes versions and champions; nothing else does. Each change is {@linkplain ModelTransactions
 * one transaction} over models and model-events.
 */
public final class ModelPublisher {
  private final ModelTransactions transactions;
  private final Topics topics;
  private final String model;
  private final InstantSource clock;

  /** SHA-256 of weights that have scored a volume, so that a fenced change need not repeat that. */
  private final Set<String> proven = new HashSet<>();

  ModelPublisher(ModelTransactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.topics = transactions.topics();
    this.model = transactions.model();
    this.clock = clock;
  }

  public static ModelPublisher over(KafkaConnection kafka, String model, InstantSource clock) {
    return new ModelPublisher(ModelTransactions.over(kafka, model), clock);
  }

  /**
   * Publishes a candidate as the next version, and makes it champion if the gate says so. If the
   * candidate's run has been published already, nothing changes.
   *
   * @param scoring scores a version, given with its weights, on the candidate's scans; throws
   *     {@link ModelException} if the version cannot be scored on them
   */
  public Publication publish(
      Candidate candidate, Gate gate, Function<ModelVersion, Assessment> scoring) {
    // Scoring is slow: once for the same champion, and not while the transactional id is held.
    Map<Optional<ModelVersion>, Contest> contests = new HashMap<>();
    Function<ModelCatalogue, Contest> contest =
        catalogue ->
            contests.computeIfAbsent(
                catalogue.champion(), champion -> Contest.of(candidate, catalogue, gate, scoring));
    try (ModelCatalogue catalogue = transactions.catalogue()) {
      var unused = contest.apply(catalogue);
    }
    return transactions.commit(
        catalogue ->
            published(candidate, catalogue)
                .orElseGet(
                    () ->
                        publication(candidate, nextVersion(catalogue), contest.apply(catalogue))));
  }

  /** The result of an earlier attempt to publish the same run, if it succeeded. */
  private static Optional<Change<Publication>> published(
      Candidate candidate, ModelCatalogue catalogue) {
    String runId = candidate.lineage().getRunId();
    Optional<String> champion = catalogue.champion().map(ModelVersion::getVersion);
    return catalogue.versions().stream()
        .filter(
            version ->
                version.getLineage() != null && version.getLineage().getRunId().equals(runId))
        .findFirst()
        .map(
            version -> {
              boolean inForce = champion.equals(Optional.of(version.getVersion()));
              Gate.Decision decision =
                  new Gate.Decision(inForce, "the run had already been published");
              return new Change<>(
                  new Publication(
                      version,
                      new Contest(
                          decision,
                          catalogue.champion(),
                          candidate.assessment().of(Contest.isNewTo(candidate.lineage())),
                          Optional.empty())),
                  List.of());
            });
  }

  /**
   * Makes a version champion.
   *
   * @return the champion record
   * @throws NoSuchElementException if the version does not exist
   * @throws ModelException if its weights do not match the record, or give output that is not
   *     finite
   */
  public ModelVersion promote(String version, String reason) {
    return transactions.commit(
        catalogue -> enthrone(version, ModelEventType.PROMOTED, reason, catalogue));
  }

  /**
   * Restores the champion before the current one.
   *
   * @return the champion record
   * @throws NoSuchElementException if there is no champion, or none before it
   * @throws ModelException if its weights do not match the record, or give output that is not
   *     finite
   */
  public ModelVersion rollback(String reason) {
    return transactions.commit(
        catalogue -> {
          ModelVersion inForce =
              catalogue
                  .champion()
                  .orElseThrow(
                      () -> new NoSuchElementException("model " + model + " has no champion"));
          String former =
              ChampionHistory.of(transactions.events())
                  .before(
                      inForce.getVersion(),
                      catalogue.versions().stream()
                          .map(ModelVersion::getVersion)
                          .collect(Collectors.toSet()));
          return enthrone(former, ModelEventType.ROLLED_BACK, reason, catalogue);
        });
  }

  /**
   * Notes once that a run was refused. Its labels count as used.
   *
   * @param why the reason, without the run's id
   */
  void refuse(RunPlan run, String why) {
    String reason = "run " + run.runId() + ": " + why;
    transactions.commit(
        catalogue -> {
          boolean isNoted =
              transactions.events().stream().anyMatch(event -> event.getReason().equals(reason));
          String champion = catalogue.champion().map(ModelVersion::getVersion).orElse(null);
          ModelEvent event =
              event(ModelEventType.REFUSED, null, champion, reason)
                  .setSnapshot(Offsets.toRecord(run.snapshot()))
                  .setLabels(Offsets.toRecord(run.labels()))
                  .build();
          return new Change<>(event, isNoted ? List.of() : List.of(record(event)));
        });
  }

  /** All events of the model, oldest first. */
  List<ModelEvent> events() {
    return transactions.events();
  }

  private Change<Publication> publication(Candidate candidate, String version, Contest contest) {
    ModelVersion published = candidate.toRecord(model, version, contest.ours(), clock.instant());
    ModelVersion withoutWeights = ModelVersion.newBuilder(published).setWeights(null).build();
    boolean promoted = contest.decision().promoted();
    String former = contest.champion().map(ModelVersion::getVersion).orElse(null);
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    records.add(topics.models().record(ModelCatalogue.key(model, version), published));
    if (promoted) {
      records.add(topics.models().record(ModelCatalogue.championKey(model), withoutWeights));
    }
    ModelEvent.Builder origin =
        event(candidate.event(), version, former, candidate.origin())
            .setMetrics(published.getMetrics())
            .setHoldoutMetrics(published.getHoldoutMetrics());
    if (candidate.event() == ModelEventType.TRAINED) {
      origin
          .setSnapshot(candidate.lineage().getSnapshot())
          .setLabels(candidate.lineage().getLabels());
    }
    records.add(record(origin.build()));
    records.add(
        record(
            event(
                    promoted ? ModelEventType.PROMOTED : ModelEventType.REJECTED,
                    version,
                    promoted ? version : former,
                    contest.decision().reason())
                .setMetrics(contest.ours().validation().toRecord())
                .setHoldoutMetrics(contest.ours().holdout().toRecord())
                .setChampionMetrics(
                    contest.theirs().map(theirs -> theirs.validation().toRecord()).orElse(null))
                .setChampionHoldoutMetrics(
                    contest.theirs().map(theirs -> theirs.holdout().toRecord()).orElse(null))
                .setDifference(contest.decision().difference().orElse(null))
                .build()));
    return new Change<>(new Publication(withoutWeights, contest), records);
  }

  private Change<ModelVersion> enthrone(
      String version, ModelEventType type, String reason, ModelCatalogue catalogue) {
    ModelVersion chosen = catalogue.withWeights(version);
    if (!proven.contains(chosen.getSha256())) {
      requireProof(chosen);
      proven.add(chosen.getSha256());
    }
    ModelVersion champion =
        ModelVersion.newBuilder(chosen).setWeights(null).setCreatedAt(clock.instant()).build();
    ModelEvent event =
        event(type, version, version, reason)
            .setMetrics(chosen.getMetrics())
            .setHoldoutMetrics(chosen.getHoldoutMetrics())
            .build();
    return new Change<>(
        champion,
        List.of(
            topics.models().record(ModelCatalogue.championKey(model), champion), record(event)));
  }

  /** Refuses weights that a scorer could not load, or whose output is not finite. */
  private static void requireProof(ModelVersion chosen) {
    ModelWeights weights = ModelWeights.published(chosen.getWeights(), chosen.getSha256());
    try {
      InputShape shape = VolumeRecords.shape(chosen.getInputShape()).requireForNetwork();
      Network.loadProven(weights, shape, Precision.FULL).close();
    } catch (ModelException | IllegalArgumentException e) {
      throw new ModelException("version " + chosen.getVersion() + ": " + e.getMessage(), e);
    }
  }

  private ProducerRecord<String, byte[]> record(ModelEvent event) {
    return topics.modelEvents().record(model, event);
  }

  private ModelEvent.Builder event(
      ModelEventType type, @Nullable String version, @Nullable String champion, String reason) {
    return ModelEvent.newBuilder()
        .setType(type)
        .setVersion(version)
        .setChampion(champion)
        .setReason(reason)
        .setAt(clock.instant());
  }

  private static String nextVersion(ModelCatalogue catalogue) {
    int highest =
        catalogue.versions().stream()
            .mapToInt(version -> Integer.parseInt(version.getVersion()))
            .max()
            .orElse(0);
    return Integer.toString(highest + 1);
  }
}
