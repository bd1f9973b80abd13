package org.pneumostream.scorer;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.pneumostream.classifier.InputShape;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.Precision;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.service.ModelCatalogue;
import org.pneumostream.service.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the models topic and loads each new champion on a thread of its own, so that scoring goes
 * on with the old one until the new one is ready.
 */
final class ChampionWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChampionWatch.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final ModelCatalogue catalogue;
  private final InputShape shape;
  private final Precision precision;
  private final ScorerMetrics metrics;
  private final AtomicReference<Champion> next = new AtomicReference<>();
  private final Worker worker;
  private String seen = "";
  private volatile String refusal = "";

  ChampionWatch(
      KafkaConnection kafka,
      String model,
      InputShape shape,
      Precision precision,
      ScorerMetrics metrics) {
    this.catalogue = new ModelCatalogue(kafka, model);
    this.shape = shape;
    this.precision = precision;
    this.metrics = metrics;
    this.worker = Worker.start("champion-watch", this::round, catalogue::wakeUp, this::release);
  }

  /** A champion that has come since the last call, now owned by the caller. */
  Optional<Champion> takeNext() {
    return Optional.ofNullable(next.getAndSet(null));
  }

  /** Why the latest champion was not taken up; empty if it was. */
  String refusal() {
    return refusal;
  }

  Worker worker() {
    return worker;
  }

  @Override
  public void close() {
    worker.close();
  }

  private void round() {
    catalogue.follow(POLL);
    catalogue.champion().filter(version -> !version.getSha256().equals(seen)).ifPresent(this::load);
  }

  private void load(ModelVersion champion) {
    seen = champion.getSha256();
    try {
      Champion loaded =
          Champion.load(catalogue.withWeights(champion.getVersion()), shape, precision);
      closeUnused(next.getAndSet(loaded));
      refusal = "";
    } catch (ModelException | NoSuchElementException e) {
      refusal = "champion " + champion.getVersion() + " cannot be used: " + e.getMessage();
      log.error(refusal);
      metrics.loadFailed();
    }
  }

  private void release() {
    closeUnused(next.getAndSet(null));
    catalogue.close();
  }

  private static void closeUnused(Champion champion) {
    if (champion != null) {
      champion.close();
    }
  }
}
