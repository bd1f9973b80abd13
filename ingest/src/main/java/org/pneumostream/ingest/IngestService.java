package org.pneumostream.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.Stage;
import org.pneumostream.schemas.Topics;
import org.pneumostream.service.CommittedRecords;
import org.pneumostream.service.ErasedBytes;
import org.pneumostream.service.Erasure;
import org.pneumostream.service.FileProblem;
import org.pneumostream.service.HttpConfig;
import org.pneumostream.service.KafkaConfig;
import org.pneumostream.service.KafkaProbe;
import org.pneumostream.service.OperationsServer;
import org.pneumostream.service.Probe;
import org.pneumostream.service.ScanStore;
import org.pneumostream.service.ScanStoreMetrics;
import org.pneumostream.service.Service;
import org.pneumostream.service.ServiceConfig;
import org.pneumostream.service.SettingException;
import org.pneumostream.service.Settings;
import org.pneumostream.service.Tracing;
import org.pneumostream.service.UnreadScans;
import org.pneumostream.service.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The doors, open: HTTP and, where it is set, the watched folder. */
public final class IngestService implements Service {
  private static final Logger log = LoggerFactory.getLogger(IngestService.class);
  private static final String NAME = Stage.INGEST.toString();

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** After a sweep that failed. */
  private static final Duration SWEEP_AGAIN = Duration.ofMinutes(10);

  private static final Duration TELL_UNREAD_EVERY = Duration.ofMinutes(1);

  private final IngestConfig config;
  private final SweepConfig sweep;
  private final HttpConfig http;
  private final Tracing tracing;
  private final OperationsServer server = new OperationsServer(NAME);
  private final MeterRegistry metrics = server.metrics();

  /** Closed last to first. */
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private KafkaProbe kafkaProbe;
  private Probe storeProbe;
  private PublishedScans published;
  private Optional<WatchedFolder> folder = Optional.empty();

  private IngestService(IngestConfig config, SweepConfig sweep, HttpConfig http, Tracing tracing) {
    this.config = config;
    this.sweep = sweep;
    this.http = http;
    this.tracing = tracing;
    open.push(server);
    open.push(tracing);
  }

  /**
   * Connects, creates topics that are missing, and opens the doors.
   *
   * @throws SettingException if a setting is wrong
   * @throws org.apache.kafka.common.KafkaException if Kafka or the registry does not answer
   */
  public static IngestService start(Settings settings) {
    IngestService service =
        new IngestService(
            IngestConfig.from(settings),
            SweepConfig.from(settings),
            HttpConfig.from(settings),
            Tracing.from(settings, NAME));
    try {
      new ScanStoreMetrics(settings).bindTo(service.metrics);
      KafkaConnection kafka = KafkaConfig.connectionWithTopics(settings);
      KafkaConfig.requireRoom(kafka, settings, kafka.topics().scans(), kafka.topics().labels());
      service.open(
          kafka, ServiceConfig.scanStore(settings), settings.get(ServiceConfig.MODEL_NAME));
      return service;
    } catch (RuntimeException e) {
      service.close();
      throw e;
    }
  }

  private void open(KafkaConnection kafka, ScanStore store, String model) {
    open.push(store);
    probe(kafka, store);
    Clock clock = Clock.systemUTC();
    KafkaProducer<String, byte[]> producer =
        kafka.producer(RecordSender.producerSettings(config.publishTimeout()));
    open.push(producer);
    server.kafkaMetrics(kafka.topics()).bind(producer);
    RecordSender sender = new RecordSender(producer, tracing);
    follow(kafka);
    ScanPublisher publisher = ScanPublisher.to(kafka.topics(), sender, published);
    ScanIntake intake =
        new ScanIntake(config, store, publisher, new IngestMetrics(metrics), tracing, clock);
    if (config.watch().isPresent()) {
      watch(intake, clock);
    }
    sweep(new StoreSweep(kafka, store, sweep.keep(), clock));
    removeErased(
        new ErasedBytes(kafka), kafka.topics().eraseWithin().dividedBy(ErasedBytes.ROUNDS));
    tellUnread(new UnreadAge(new UnreadScans(kafka)::oldest, clock));
    LabelPublisher labels = new LabelPublisher(kafka.topics().labels(), sender, clock);
    ErasureRoute erasure =
        new ErasureRoute(new Erasure(kafka, store, model)::erase, published::forget);
    serve(new HttpRoutes(config, intake, labels, erasure, new IngestMetrics(metrics), tracing));
  }

  private void probe(KafkaConnection kafka, ScanStore store) {
    Topics topics = kafka.topics();
    kafkaProbe =
        KafkaProbe.start(
            kafka, List.of(topics.deadLetters()), List.of(topics.scans(), topics.labels()));
    open.push(kafkaProbe);
    storeProbe =
        Probe.start(
            "scan store",
            () -> {
              store.requireReadable();
              store.requireRoom();
              return "";
            });
    open.push(storeProbe);
  }

  private void follow(KafkaConnection kafka) {
    KafkaConsumer<String, byte[]> consumer = kafka.consumer(CommittedRecords.FEW_VALUES);
    server.kafkaMetrics(kafka.topics()).bind(consumer);
    published =
        new PublishedScans(
            kafka.topics().scans().name(), kafka.topics().deadLetters().name(), consumer);
    start(Worker.start("ingest-published", published::follow, consumer::wakeup, consumer));
  }

  private void watch(ScanIntake intake, Clock clock) {
    WatchedFolder watched;
    try {
      watched = new WatchedFolder(config.watch().get(), config.watchSettle(), clock, intake);
    } catch (IOException e) {
      throw new SettingException(
          IngestConfig.WATCH.key(),
          config.watch().get().toString(),
          "a folder that can be written to (" + FileProblem.of(e) + ")");
    }
    folder = Optional.of(watched);
    new IngestMetrics(metrics).watched(watched::waiting);
    CountDownLatch closing = new CountDownLatch(1);
    start(
        Worker.start(
            "ingest-watch",
            () -> {
              watched.look();
              closing.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            },
            closing::countDown,
            () -> {}));
  }

  private void sweep(StoreSweep storeSweep) {
    IngestMetrics counts = new IngestMetrics(metrics);
    CountDownLatch closing = new CountDownLatch(1);
    start(
        Worker.start(
            "ingest-sweep",
            () -> {
              Duration next = sweep.interval();
              try {
                StoreSweep.Swept swept = storeSweep.run(() -> closing.getCount() == 0);
                counts.swept(swept);
                if (swept.objects() + swept.halfWritten() > 0) {
                  log.info(
                      "scan store: swept, {} scans that nothing refers to, {} half-written",
                      swept.objects(),
                      swept.halfWritten());
                }
              } catch (IOException | KafkaException e) {
                counts.sweepFailed();
                log.warn("scan store: not swept this time: {}", e.toString());
                next = next.compareTo(SWEEP_AGAIN) < 0 ? next : SWEEP_AGAIN;
              }
              closing.await(next.toMillis(), TimeUnit.MILLISECONDS);
            },
            closing::countDown,
            () -> {}));
  }

  private void tellUnread(UnreadAge age) {
    new IngestMetrics(metrics).unread(age::seconds);
    CountDownLatch closing = new CountDownLatch(1);
    start(
        Worker.start(
            "ingest-unread",
            () -> {
              age.refresh();
              closing.await(TELL_UNREAD_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            },
            closing::countDown,
            () -> {}));
  }

  private void removeErased(ErasedBytes erased, Duration interval) {
    CountDownLatch closing = new CountDownLatch(1);
    start(
        Worker.start(
            "ingest-erasures",
            () -> {
              try {
                var unused = erased.round(Instant.now());
              } catch (KafkaException e) {
                log.warn("erased bytes: not removed this time: {}", e.toString());
              }
              closing.await(interval.toMillis(), TimeUnit.MILLISECONDS);
            },
            closing::countDown,
            () -> {}));
  }

  private void start(Worker worker) {
    open.push(worker);
    worker
        .stopped()
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                stopped.completeExceptionally(failure);
              }
            });
  }

  private void serve(HttpRoutes routes) {
    server.start(this, http, config.port(), routes);
    open.push(server::stopListening);
    open.push(routes);
    log.info("ingest listens on {}:{}", http.host(), server.port());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int port() {
    return server.port();
  }

  @Override
  public String waitingFor() {
    return Service.reasons(
        published.waitingFor(),
        folder.map(WatchedFolder::problem).orElse(""),
        kafkaProbe.problem(),
        storeProbe.problem());
  }

  @Override
  public CompletableFuture<Void> stopped() {
    return stopped;
  }

  /** Ends requests under way, then stops listening, then leaves Kafka. */
  @Override
  public synchronized void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        log.warn("ingest: {}", e.toString(), e);
      }
    }
    stopped.complete(null);
  }
}
