package org.pneumostream.scorer;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.TimeoutException;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.Precision;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.volume.InputShape;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the models topic and loads each new champion on a thread of its own, so that scoring
 * continues with the old one until the new one is ready. For one thread, except for {@link
 * #takeNext}, {@link #refusal} and {@link #wakeUp}.
 */
final class ChampionWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChampionWatch.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final ModelCatalogue catalogue;
  private final InputShape shape;
  private final Precision precision;
  private final ScorerMetrics metrics;
  private final AtomicReference<Champion> next = new AtomicReference<>();

  /** SHA-256 of the weights loaded last. */
  private String latest = "";

  private boolean isBehind = true;
  private volatile String refusal = "";

  /**
   * @param catalogue closed with this object
   */
  ChampionWatch(
      ModelCatalogue catalogue, InputShape shape, Precision precision, ScorerMetrics metrics) {
    this.catalogue = catalogue;
    this.shape = shape;
    this.precision = precision;
    this.metrics = metrics;
  }

  /** A new champion since the last call, now owned by the caller. */
  Optional<Champion> takeNext() {
    return Optional.ofNullable(next.getAndSet(null));
  }

  /** Why the latest champion could not be loaded; empty if it was. */
  String refusal() {
    return refusal;
  }

  /** Ends a waiting round; called from another thread. */
  void wakeUp() {
    catalogue.wakeUp();
  }

  @Override
  public void close() {
    closeUnused(next.getAndSet(null));
    catalogue.close();
  }

  /**
   * Waits for records of the models topic. A champion counts only once the topic has been read to
   * its end, since former champions precede the current one. A champion that cannot be used is
   * tried again with each new record, since its version may arrive later.
   */
  void round() {
    isBehind |= catalogue.follow(POLL);
    if (!isBehind) {
      return;
    }
    try {
      catalogue.refresh();
    } catch (TimeoutException e) {
      log.warn("cannot read the end of the models topic, retrying: {}", e.getMessage());
      return;
    }
    isBehind = false;
    catalogue.champion().ifPresent(this::consider);
  }

  private void consider(ModelVersion champion) {
    if (champion.getSha256().equals(latest)) {
      refusal = "";
      return;
    }
    try {
      Champion loaded =
          Champion.load(catalogue.withWeights(champion.getVersion()), shape, precision);
      closeUnused(next.getAndSet(loaded));
      latest = champion.getSha256();
      refusal = "";
    } catch (ModelException | NoSuchElementException e) {
      String reason = "champion " + champion.getVersion() + " cannot be used: " + e.getMessage();
      if (!reason.equals(refusal)) {
        refusal = reason;
        log.error(reason);
        metrics.loadFailed();
      }
    }
  }

  private static void closeUnused(Champion champion) {
    if (champion != null) {
      champion.close();
    }
  }
}
