package org.pneumostream.ingest;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.service.KafkaConfig;
import org.pneumostream.service.ScanStore;
import org.pneumostream.service.ServiceConfig;
import org.pneumostream.service.Settings;
import org.pneumostream.service.Tracing;

/**
 * What the commands {@code publish} and {@code label} go through: the same checks as everywhere,
 * straight to Kafka, without a running ingest. A scan that is already there is written again;
 * downstream counts it once.
 */
public final class CommandLineDoor implements AutoCloseable {
  private static final String NAME = "command-line";

  private final Tracing tracing;
  private final KafkaProducer<String, byte[]> producer;
  private final ScanStore store;
  private final Door door;
  private final LabelPublisher labels;

  private CommandLineDoor(
      Tracing tracing,
      KafkaProducer<String, byte[]> producer,
      ScanStore store,
      Door door,
      LabelPublisher labels) {
    this.tracing = tracing;
    this.producer = producer;
    this.store = store;
    this.door = door;
    this.labels = labels;
  }

  /**
   * Connects, and creates topics that are missing.
   *
   * @throws UnavailableException if Kafka or the registry does not answer within the publish
   *     timeout
   */
  public static CommandLineDoor open(Settings settings) throws UnavailableException {
    IngestConfig config = IngestConfig.from(settings);
    KafkaConnection kafka = KafkaConfig.connection(settings);
    int timeout = Math.toIntExact(config.publishTimeout().toMillis());
    Map<String, Object> patience =
        Map.of(
            CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
            timeout,
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
            timeout);
    try {
      kafka.createMissingTopics(patience);
    } catch (KafkaException e) {
      throw new UnavailableException("Kafka: " + e.getMessage(), e);
    }
    ScanStore store = ServiceConfig.scanStore(settings);
    KafkaProducer<String, byte[]> producer =
        kafka.producer(Sending.producerSettings(config.publishTimeout()));
    Tracing tracing = Tracing.from(settings, NAME);
    Sending sending = new Sending(producer, tracing);
    Clock clock = Clock.systemUTC();
    return new CommandLineDoor(
        tracing,
        producer,
        store,
        new Door(
            new ScanIntake(config, store, clock),
            ScanPublisher.to(kafka.topics().scans(), sending),
            new CompositeMeterRegistry(),
            tracing),
        new LabelPublisher(kafka.topics().labels(), sending, clock));
  }

  /**
   * Publishes a scan, and returns when the brokers have it.
   *
   * @throws RejectedScanException if it is no scan
   * @throws UnavailableException if disk, registry or Kafka cannot take it now
   * @throws IOException if a file cannot be read
   */
  public Receipt publish(ScanFile file, Provenance provenance)
      throws RejectedScanException, UnavailableException, IOException {
    return door.push(file, provenance);
  }

  /**
   * Labels a scan, whether it has come yet or not.
   *
   * @throws IllegalArgumentException if the scan id or the annotator is none
   * @throws UnavailableException if the registry or Kafka cannot take it now
   */
  public Receipt label(String scanId, Finding finding, String annotator)
      throws UnavailableException {
    return labels.publish(scanId, finding, annotator);
  }

  @Override
  public void close() {
    producer.close();
    store.close();
    tracing.close();
  }
}
