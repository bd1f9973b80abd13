package org.pneumostream.ingest;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.RecordRoom;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.scanstore.ScanStoreConfig;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Topics;
import org.pneumostream.settings.Settings;

/**
 * Ingest within a command: publishes scans and labels directly to Kafka, with the same checks as
 * the ingest service, which need not run. It republishes a scan that {@code scans} already holds;
 * downstream counts it once. Thread-safe.
 */
public final class DirectIngest implements AutoCloseable {
  private static final String NAME = "command-line";

  private final Settings settings;
  private final Tracing tracing;
  private final KafkaProducer<String, byte[]> producer;
  private final RecordSender sender;
  private final Topics topics;
  private final LabelPublisher labels;

  /** Opened with the first scan, since labelling needs no access to the scan store. */
  private @Nullable ScanStore store;

  private @Nullable ScanIntake intake;

  private DirectIngest(Settings settings, KafkaProducer<String, byte[]> producer, Topics topics) {
    this.settings = settings;
    this.tracing = Tracing.from(settings, NAME);
    this.producer = producer;
    this.topics = topics;
    this.sender = new RecordSender(producer, tracing);
    this.labels = new LabelPublisher(topics.labels(), sender, Clock.systemUTC());
  }

  /**
   * Connects, and creates missing topics.
   *
   * @throws UnavailableException if Kafka or the registry does not answer within the publish
   *     timeout
   */
  public static DirectIngest open(Settings settings) throws UnavailableException {
    IngestConfig config = IngestConfig.from(settings);
    KafkaConnection kafka = KafkaSettings.connection(settings);
    int timeout = Math.toIntExact(config.publishTimeout().toMillis());
    Map<String, Object> patience =
        Map.of(
            CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
            timeout,
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
            timeout);
    try {
      kafka.createMissingTopics(patience);
      RecordRoom.require(kafka, settings, kafka.topics().scans(), kafka.topics().labels());
    } catch (KafkaException e) {
      throw UnavailableException.of(e);
    }
    return new DirectIngest(
        settings,
        kafka.producer(RecordSender.producerSettings(config.publishTimeout())),
        kafka.topics());
  }

  /**
   * Publishes a scan. Returns when the brokers have it, or when it is rejected.
   *
   * @throws org.pneumostream.settings.SettingException if the configured scan store does not exist
   * @throws UnavailableException if disk, registry or Kafka is unavailable
   * @throws IOException if a file cannot be read
   */
  public synchronized Outcome publish(ScanFile file, Provenance provenance)
      throws UnavailableException, IOException {
    if (intake == null) {
      store = ScanStore.open(ScanStoreConfig.from(settings));
      intake =
          new ScanIntake(
              IngestConfig.from(settings),
              store,
              ScanPublisher.to(topics, sender),
              new IngestMetrics(new CompositeMeterRegistry()),
              tracing,
              Clock.systemUTC());
    }
    return intake.accept(file, provenance);
  }

  /**
   * Labels a scan, whether it has arrived yet or not.
   *
   * @throws IllegalArgumentException if scanId is not 64 hex digits, or annotator is blank or
   *     longer than 128 characters
   * @throws UnavailableException if the registry or Kafka is unavailable
   */
  public Receipt label(String scanId, Finding finding, String annotator)
      throws UnavailableException {
    return labels.publish(scanId, finding, annotator);
  }

  @Override
  public synchronized void close() {
    producer.close();
    if (store != null) {
      store.close();
    }
    tracing.close();
  }
}
