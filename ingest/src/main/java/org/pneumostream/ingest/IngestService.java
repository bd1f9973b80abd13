package org.pneumostream.ingest;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.pneumostream.ledger.ErasedBytes;
import org.pneumostream.ledger.Erasure;
import org.pneumostream.ledger.StoreSweep;
import org.pneumostream.ledger.SweepConfig;
import org.pneumostream.ledger.UnreadScans;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaProbe;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.runtime.Probe;
import org.pneumostream.runtime.RunningService;
import org.pneumostream.runtime.Service;
import org.pneumostream.runtime.Worker;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.scanstore.ScanStoreConfig;
import org.pneumostream.scanstore.ScanStoreMetrics;
import org.pneumostream.schemas.Stage;
import org.pneumostream.schemas.Topics;
import org.pneumostream.settings.FileProblem;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ingest service: HTTP and, if configured, the watched folder. */
public final class IngestService extends RunningService {
  private static final Logger log = LoggerFactory.getLogger(IngestService.class);
  private static final String NAME = Stage.INGEST.toString();

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** Time until the next sweep after a failed one. */
  private static final Duration SWEEP_AGAIN = Duration.ofMinutes(10);

  private static final Duration TELL_UNREAD_EVERY = Duration.ofMinutes(1);

  private final IngestConfig config;
  private final SweepConfig sweep;
  private final ScanStoreConfig scanStore;
  private final String model;
  private final IngestMetrics metrics = new IngestMetrics(server().metrics());
  private KafkaProbe kafkaProbe;
  private Probe storeProbe;
  private PublishedScans published;
  private Optional<WatchedFolder> folder = Optional.empty();

  private IngestService(
      Settings settings,
      IngestConfig config,
      SweepConfig sweep,
      ScanStoreConfig scanStore,
      String model) {
    super(NAME, settings);
    this.config = config;
    this.sweep = sweep;
    this.scanStore = scanStore;
    this.model = model;
  }

  /**
   * Connects, creates missing topics, and opens the doors.
   *
   * @throws SettingException if a setting is invalid
   * @throws KafkaException if Kafka or the registry does not answer
   */
  public static IngestService start(Settings settings) {
    return start(
        new IngestService(
            settings,
            IngestConfig.from(settings),
            SweepConfig.from(settings),
            ScanStoreConfig.from(settings),
            settings.get(ModelSettings.NAME)),
        settings);
  }

  @Override
  protected void open(KafkaConnection kafka) {
    Topics topics = kafka.topics();
    requireRoom(kafka, topics.scans(), topics.labels());
    new ScanStoreMetrics(scanStore).bindTo(server().metrics());
    ScanStore store = opened(ScanStore.open(scanStore));
    probe(kafka, store);
    Clock clock = Clock.systemUTC();
    KafkaProducer<String, byte[]> producer =
        opened(kafka.producer(RecordSender.producerSettings(config.publishTimeout())));
    server().kafkaMetrics(topics).bind(producer);
    RecordSender sender = new RecordSender(producer, tracing());
    follow(kafka);
    ScanPublisher publisher = ScanPublisher.to(topics, sender, published);
    ScanIntake intake = new ScanIntake(config, store, publisher, metrics, tracing(), clock);
    if (config.watch().isPresent()) {
      watch(intake, clock);
    }
    StoreSweep storeSweep = new StoreSweep(kafka, store, sweep.keep(), clock);
    opened(Worker.pausing("ingest-sweep", closing -> sweep(storeSweep, closing)));
    ErasedBytes erased = new ErasedBytes(kafka);
    opened(
        Worker.every(
            "ingest-erasures",
            topics.eraseWithin().dividedBy(ErasedBytes.ROUNDS),
            () -> removeErased(erased)));
    UnreadAge unread = new UnreadAge(new UnreadScans(kafka)::oldest, clock);
    metrics.unread(unread::seconds);
    opened(Worker.every("ingest-unread", TELL_UNREAD_EVERY, unread::refresh));
    LabelPublisher labels = new LabelPublisher(topics.labels(), sender, clock);
    ErasureRoute erasure =
        new ErasureRoute(new Erasure(kafka, store, model)::erase, published::forget);
    HttpRoutes routes = new HttpRoutes(config, intake, labels, erasure, metrics, tracing());
    listen(config.port(), routes);
    // Closing ends in-flight requests first, then the listener, then the connection to Kafka.
    opened(server()::stopListening);
    opened(routes);
    log.info("ingest listens on port {}", port());
  }

  private void probe(KafkaConnection kafka, ScanStore store) {
    Topics topics = kafka.topics();
    kafkaProbe =
        opened(
            KafkaProbe.start(
                kafka, List.of(topics.deadLetters()), List.of(topics.scans(), topics.labels())));
    storeProbe =
        opened(
            Probe.start(
                "scan store",
                () -> {
                  store.requireReadable();
                  store.requireRoom();
                  return "";
                }));
  }

  private void follow(KafkaConnection kafka) {
    KafkaConsumer<String, byte[]> consumer = kafka.consumer(CommittedRecords.FEW_VALUES);
    server().kafkaMetrics(kafka.topics()).bind(consumer);
    published =
        new PublishedScans(
            kafka.topics().scans().name(), kafka.topics().deadLetters().name(), consumer);
    opened(Worker.start("ingest-published", published::follow, consumer::wakeup, consumer));
  }

  private void watch(ScanIntake intake, Clock clock) {
    WatchedFolder watched;
    try {
      watched = new WatchedFolder(config.watch().get(), config.watchSettle(), clock, intake);
    } catch (IOException e) {
      throw new SettingException(
          IngestConfig.WATCH.key(),
          config.watch().get().toString(),
          "a writable folder (" + FileProblem.of(e) + ")");
    }
    folder = Optional.of(watched);
    metrics.watched(watched::waiting);
    opened(Worker.every("ingest-watch", LOOK_EVERY, watched::look));
  }

  /** Time until the next sweep. */
  private Duration sweep(StoreSweep storeSweep, BooleanSupplier stop) {
    try {
      StoreSweep.Swept swept = storeSweep.run(stop);
      metrics.swept(swept);
      if (swept.objects() + swept.halfWritten() > 0) {
        log.info(
            "scan store: removed {} unreferenced scans and {} incomplete ones",
            swept.objects(),
            swept.halfWritten());
      }
      return sweep.interval();
    } catch (IOException | KafkaException e) {
      metrics.sweepFailed();
      log.warn("scan store: sweep failed, retrying later: {}", e.toString());
      return sweep.interval().compareTo(SWEEP_AGAIN) < 0 ? sweep.interval() : SWEEP_AGAIN;
    }
  }

  private static void removeErased(ErasedBytes erased) {
    try {
      var unused = erased.round(Instant.now());
    } catch (KafkaException e) {
      log.warn("erased bytes: removal failed, retrying later: {}", e.toString());
    }
  }

  @Override
  public String waitingFor() {
    return Service.reasons(
        published.waitingFor(),
        folder.map(WatchedFolder::problem).orElse(""),
        kafkaProbe.problem(),
        storeProbe.problem());
  }
}
