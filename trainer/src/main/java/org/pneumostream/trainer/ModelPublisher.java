package org.pneumostream.trainer;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Topics;
import org.pneumostream.schemas.VolumeShape;
import org.pneumostream.service.ModelCatalogue;

/**
 * The only way by which a model gets versions and champions. Each change is one transaction over
 * models and model-events, and each is decided on what was there when it was made: its producer
 * takes the model's transactional id, which fences whoever else was about to change the model, and
 * reads the topics only then. Whoever was fenced decides anew on what the other wrote.
 */
public final class ModelPublisher {
  private static final int ATTEMPTS = 5;

  private final Topics topics;
  private final String model;
  private final Supplier<Producer<String, byte[]>> producers;
  private final Supplier<Consumer<String, byte[]>> consumers;
  private final InstantSource clock;

  ModelPublisher(
      Topics topics,
      String model,
      Supplier<Producer<String, byte[]>> producers,
      Supplier<Consumer<String, byte[]>> consumers,
      InstantSource clock) {
    this.topics = topics;
    this.model = model;
    this.producers = producers;
    this.consumers = consumers;
    this.clock = clock;
  }

  public static ModelPublisher over(KafkaConnection kafka, String model, InstantSource clock) {
    String transactionalId = kafka.topics().models().name() + "." + model;
    return new ModelPublisher(
        kafka.topics(),
        model,
        () -> kafka.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId)),
        () -> kafka.consumer(Map.of()),
        clock);
  }

  /** A change's records, and what to tell whoever asked for it. */
  private record Change<R>(R result, List<ProducerRecord<String, byte[]>> records) {}

  /**
   * Publishes a candidate as the next version, and makes it champion if the gate says so.
   *
   * @param scoring scores a version, given with its weights, on the candidate's validation scans;
   *     throws {@link ModelException} if the version cannot be scored on them
   */
  public Publication publish(
      Candidate candidate, Gate gate, Function<ModelVersion, Metrics> scoring) {
    return commit(
        catalogue -> {
          Optional<ModelVersion> champion = catalogue.champion();
          Contest contest = Contest.of(candidate.metrics(), champion, catalogue, gate, scoring);
          return publication(candidate, nextVersion(catalogue), champion, contest);
        });
  }

  /**
   * Makes a version champion.
   *
   * @return the champion record
   * @throws NoSuchElementException if there is no such version
   * @throws ModelException if its weights are not what the record says
   */
  public ModelVersion promote(String version, String reason) {
    return commit(catalogue -> enthrone(version, ModelEventType.PROMOTED, reason, catalogue));
  }

  /**
   * Makes the champion before the one in force champion again.
   *
   * @return the champion record
   * @throws NoSuchElementException if there is no champion, or none before it
   */
  public ModelVersion rollback(String reason) {
    return commit(
        catalogue -> {
          String inForce =
              catalogue
                  .champion()
                  .orElseThrow(
                      () -> new NoSuchElementException("model " + model + " has no champion"))
                  .getVersion();
          var available = new HashSet<String>();
          catalogue.versions().forEach(version -> available.add(version.getVersion()));
          String former = ChampionHistory.of(events()).before(inForce, available);
          return enthrone(former, ModelEventType.ROLLED_BACK, reason, catalogue);
        });
  }

  /** Notes that a run was refused. */
  public void refuse(String reason) {
    commit(
        catalogue -> {
          String champion = catalogue.champion().map(ModelVersion::getVersion).orElse(null);
          ModelEvent event = event(ModelEventType.REFUSED, null, champion, reason).build();
          return new Change<>(event, List.of(topics.modelEvents().record(model, event)));
        });
  }

  private Change<Publication> publication(
      Candidate candidate, String version, Optional<ModelVersion> former, Contest contest) {
    byte[] safetensors = candidate.named(model, version).toSafetensors();
    ModelVersion published =
        ModelVersion.newBuilder()
            .setName(model)
            .setVersion(version)
            .setSha256(ModelWeights.hash(safetensors))
            .setWeights(ByteBuffer.wrap(safetensors))
            .setArchitecture(ModelWeights.ARCHITECTURE)
            .setInputShape(
                new VolumeShape(
                    candidate.shape().width(),
                    candidate.shape().height(),
                    candidate.shape().depth()))
            .setPreprocessingVersion(candidate.preprocessingVersion())
            .setMetrics(candidate.metrics().toRecord())
            .setLineage(candidate.lineage())
            .setCreatedAt(clock.instant())
            .build();
    ModelVersion withoutWeights = ModelVersion.newBuilder(published).setWeights(null).build();
    boolean promoted = contest.decision().promoted();
    String formerVersion = former.map(ModelVersion::getVersion).orElse(null);
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    records.add(topics.models().record(ModelCatalogue.key(model, version), published));
    if (promoted) {
      records.add(topics.models().record(ModelCatalogue.championKey(model), withoutWeights));
    }
    records.add(
        topics
            .modelEvents()
            .record(
                model,
                event(ModelEventType.TRAINED, version, formerVersion, trained(candidate))
                    .setMetrics(published.getMetrics())
                    .build()));
    records.add(
        topics
            .modelEvents()
            .record(
                model,
                event(
                        promoted ? ModelEventType.PROMOTED : ModelEventType.REJECTED,
                        version,
                        promoted ? version : formerVersion,
                        contest.decision().reason())
                    .setMetrics(published.getMetrics())
                    .setChampionMetrics(
                        contest.championMetrics().map(Metrics::toRecord).orElse(null))
                    .build()));
    return new Change<>(
        new Publication(withoutWeights, contest.decision(), former, contest.championMetrics()),
        records);
  }

  private Change<ModelVersion> enthrone(
      String version, ModelEventType type, String reason, ModelCatalogue catalogue) {
    ModelVersion chosen = catalogue.withWeights(version);
    // Refuses weights that no scorer could load.
    PublishedWeights.of(chosen);
    ModelVersion champion =
        ModelVersion.newBuilder(chosen).setWeights(null).setCreatedAt(clock.instant()).build();
    ModelEvent event =
        event(type, version, version, reason).setMetrics(chosen.getMetrics()).build();
    return new Change<>(
        champion,
        List.of(
            topics.models().record(ModelCatalogue.championKey(model), champion),
            topics.modelEvents().record(model, event)));
  }

  private <R> R commit(Function<ModelCatalogue, Change<R>> decide) {
    for (int attempt = 1; ; attempt++) {
      try (Producer<String, byte[]> producer = producers.get();
          ModelCatalogue catalogue = new ModelCatalogue(topics.models(), model, consumers.get())) {
        producer.initTransactions();
        Change<R> change = decide.apply(catalogue.refresh());
        producer.beginTransaction();
        // A send that fails fails the commit.
        change.records().forEach(producer::send);
        producer.commitTransaction();
        return change.result();
      } catch (ProducerFencedException | InvalidProducerEpochException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private List<ModelEvent> events() {
    List<ModelEvent> events = new ArrayList<>();
    try (Consumer<String, byte[]> consumer = consumers.get()) {
      CommittedRecords.upToNow(consumer, topics.modelEvents().name())
          .forEach(
              record -> {
                if (model.equals(record.key()) && record.value() != null) {
                  events.add(topics.modelEvents().value(record.value()));
                }
              },
              (read, of) -> {},
              () -> false);
    }
    return events;
  }

  private ModelEvent.Builder event(
      ModelEventType type, String version, String champion, String reason) {
    return ModelEvent.newBuilder()
        .setType(type)
        .setVersion(version)
        .setChampion(champion)
        .setReason(reason)
        .setAt(clock.instant());
  }

  private static String trained(Candidate candidate) {
    return "run %s on %d scans, validated on %d"
        .formatted(
            candidate.lineage().getRunId(),
            candidate.lineage().getTrainingScans(),
            candidate.lineage().getValidationScans());
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
