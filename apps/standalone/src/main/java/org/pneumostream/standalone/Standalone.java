package org.pneumostream.standalone;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.Service;
import org.pneumostream.services.ServiceType;
import org.pneumostream.settings.Settings;
import org.pneumostream.trainer.TrainerService;
import org.pneumostream.training.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole system on one machine: embedded broker and registry, and every service. */
public final class Standalone implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Standalone.class);

  private final EmbeddedCluster cluster;
  private final Settings settings;
  private final List<Service> services = new ArrayList<>();

  private Standalone(EmbeddedCluster cluster, Settings settings) {
    this.cluster = cluster;
    this.settings = settings;
  }

  /** Starts everything. */
  public static Standalone start(Settings settings) {
    return start(settings, TrainingListener.NONE);
  }

  /**
   * Starts everything.
   *
   * @param listener receives the progress of every training run
   * @throws org.pneumostream.settings.SettingException if a setting is invalid, or a port or the
   *     data directory is in use
   */
  public static Standalone start(Settings settings, TrainingListener listener) {
    EmbeddedClusterConfig config = EmbeddedClusterConfig.from(settings);
    EmbeddedCluster cluster =
        EmbeddedCluster.start(config.dataDirectory(), config.kafkaPort(), config.registryPort());
    Standalone standalone = new Standalone(cluster, settings.with(cluster.settings()));
    cluster.ended().whenComplete(Standalone::report);
    try {
      standalone.startServices(listener);
      return standalone;
    } catch (RuntimeException e) {
      standalone.close();
      throw e;
    }
  }

  /** Logs at once, since services without a broker take long to stop. */
  private static void report(Object ended, Throwable failure) {
    if (failure != null) {
      log.error("{}", failure.getCause().getMessage());
    }
  }

  /** Services start from last to first, so that ingest opens last. */
  private void startServices(TrainingListener listener) {
    FlushedPushes.set(KafkaSettings.connectionWithTopics(settings));
    List<ServiceType> types = new ArrayList<>(List.of(ServiceType.values()));
    Collections.reverse(types);
    for (ServiceType type : types) {
      services.add(
          type == ServiceType.TRAINER
              ? TrainerService.start(settings, listener)
              : type.start(settings));
    }
  }

  /** The settings with which others find this system. */
  public Settings settings() {
    return settings;
  }

  public EmbeddedCluster cluster() {
    return cluster;
  }

  /** The service with a class. */
  public <S extends Service> S service(Class<S> type) {
    return services.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  public List<Service> services() {
    return List.copyOf(services);
  }

  /** Completes when any part has stopped, which only happens on a failure. */
  public CompletableFuture<Object> stopped() {
    return CompletableFuture.anyOf(
        Stream.concat(Stream.of(cluster.ended()), services.stream().map(Service::stopped))
            .toArray(CompletableFuture[]::new));
  }

  /** Closes ingest first, the broker last. */
  @Override
  public void close() {
    Collections.reverse(services);
    try (cluster) {
      services.forEach(Service::close);
    }
  }
}
