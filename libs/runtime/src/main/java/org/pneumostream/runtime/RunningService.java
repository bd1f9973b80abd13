package org.pneumostream.runtime;

import io.javalin.config.RoutesConfig;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.schemas.Topic;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The common life of services: read the settings, connect, open the parts, listen, stop in order.
 * Parts are closed last to first, also if the start fails halfway; the failure then carries errors
 * of closing as suppressed exceptions.
 */
public abstract class RunningService implements Service {
  private static final Logger log = LoggerFactory.getLogger(RunningService.class);

  private final String name;
  private final Settings settings;
  private final HttpConfig http;
  private final OperationsServer server;
  private final Tracing tracing;

  /** Closed last to first. */
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  /**
   * Reads settings; opens nothing.
   *
   * @param name in logs, traces and metrics
   * @throws SettingException if a setting of HTTP or tracing is invalid
   */
  protected RunningService(String name, Settings settings) {
    this.name = name;
    this.settings = settings;
    http = HttpConfig.from(settings);
    server = opened(new OperationsServer(name));
    tracing = opened(Tracing.from(settings, name));
  }

  /**
   * Connects, creates missing topics, and opens a service.
   *
   * @return the service, which listens already
   * @throws org.apache.kafka.common.KafkaException if Kafka or the registry does not answer
   */
  protected static <S extends RunningService> S start(S service, Settings settings) {
    return start(service, () -> KafkaSettings.connectionWithTopics(settings));
  }

  static <S extends RunningService> S start(S service, Supplier<KafkaConnection> kafka) {
    try {
      service.open(kafka.get());
      return service;
    } catch (RuntimeException | Error e) {
      service.closeAll(e::addSuppressed);
      throw e;
    }
  }

  /** Opens the service's parts, each with {@link #opened}, and finally calls {@link #listen}. */
  protected abstract void open(KafkaConnection kafka);

  /** Registers a part to close when the service stops, before all parts opened earlier. */
  protected final <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }

  /** Registers a worker; if it fails, the service fails. */
  protected final Worker opened(Worker worker) {
    opened.push(worker);
    worker
        .stopped()
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                failed(failure);
              }
            });
    return worker;
  }

  /** Marks the service as failed; its owner then closes it. */
  protected final void failed(Throwable failure) {
    stopped.completeExceptionally(failure);
  }

  /**
   * Checks that topics accept the service's records.
   *
   * @throws SettingException if a record of one of them would be refused
   */
  protected final void requireRoom(KafkaConnection kafka, Topic<?>... written) {
    RecordRoom.require(kafka, settings, written);
  }

  /** Starts serving health, metrics and these routes. */
  protected final void listen(int port, Consumer<RoutesConfig> routes) {
    server.start(this, http, port, routes);
  }

  protected final OperationsServer server() {
    return server;
  }

  protected final Tracing tracing() {
    return tracing;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final int port() {
    return server.port();
  }

  @Override
  public final CompletableFuture<Void> stopped() {
    return stopped;
  }

  @Override
  public final void close() {
    closeAll(e -> log.warn("{} could not close a part: {}", name, e.toString(), e));
  }

  synchronized void closeAll(Consumer<Exception> failed) {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        failed.accept(e);
      }
    }
    stopped.complete(null);
  }
}
