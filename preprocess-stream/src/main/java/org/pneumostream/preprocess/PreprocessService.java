package org.pneumostream.preprocess;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.GroupStart;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaProbe;
import org.pneumostream.runtime.LetterRoom;
import org.pneumostream.runtime.LostPosition;
import org.pneumostream.runtime.Probe;
import org.pneumostream.runtime.RunningService;
import org.pneumostream.runtime.Service;
import org.pneumostream.runtime.StageMetrics;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.schemas.Stage;
import org.pneumostream.schemas.Topics;
import org.pneumostream.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** preprocess-stream: the topology on Kafka Streams, exactly once. */
public final class PreprocessService extends RunningService {
  private static final Logger log = LoggerFactory.getLogger(PreprocessService.class);
  private static final String NAME = Stage.PREPROCESS_STREAM.toString();

  /**
   * Interpolated voxels hardly compress. Level 1 saves 13 % of a real scan's volume, but takes its
   * writer, the broker and each reader three to five times as long as this level, which saves 2 %.
   */
  private static final int ZSTD_LEVEL = -7;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  /** As long as a Kafka client waits by default. */
  private static final Duration READ_PATIENCE = Duration.ofSeconds(60);

  private final PreprocessConfig config;
  private final LostPosition lostPosition;
  private KafkaStreams streams;
  private KafkaProbe kafkaProbe;
  private Probe storeProbe;

  private PreprocessService(Settings settings, PreprocessConfig config, LostPosition lostPosition) {
    super(NAME, settings);
    this.config = config;
    this.lostPosition = lostPosition;
  }

  /** Creates the missing topics, then starts. */
  public static PreprocessService start(Settings settings) {
    PreprocessConfig config = PreprocessConfig.from(settings);
    return start(
        new PreprocessService(settings, config, settings.get(LostPosition.SETTING)), settings);
  }

  @Override
  protected void open(KafkaConnection kafka) {
    Topics topics = kafka.topics();
    requireRoom(kafka, topics.volumes(), topics.labeledVolumes(), topics.deadLetters());
    ScanStore store = opened(ScanStore.open(config.scanStore()));
    // Before the group's position moves, which alone tells what has expired.
    ExpiredScans.tell(kafka, Clock.systemUTC());
    String group = group(topics);
    new StreamsStart(kafka, group, new GroupStart(group, lostPosition)).commit();
    probe(kafka, store);
    streams = streams(kafka, store);
    listen(config.port(), routes -> {});
    Path state = config.stateDirectory().resolve(group);
    if (StateDirectory.isStale(state, Instant.now())) {
      log.info(
          "{}: {} is {} h old or more, restored from Kafka",
          NAME,
          state,
          StateDirectory.KEPT.toHours());
      streams.cleanUp();
    }
    streams.start();
    log.info(
        "{}: {} {}", NAME, config.preprocessing().shape(), config.preprocessing().orientation());
  }

  private void probe(KafkaConnection kafka, ScanStore store) {
    Topics topics = kafka.topics();
    kafkaProbe =
        opened(
            KafkaProbe.start(
                kafka,
                List.of(topics.scans(), topics.labels()),
                List.of(topics.volumes(), topics.labeledVolumes(), topics.deadLetters())));
    storeProbe =
        opened(
            Probe.start(
                "scan store",
                () -> {
                  store.requireReadable();
                  return "";
                }));
  }

  private KafkaStreams streams(KafkaConnection kafka, ScanStore store) {
    Topics topics = kafka.topics();
    VolumesTopic volumes =
        opened(
            new VolumesTopic(
                topics.volumes(), kafka.consumer(VolumesTopic.CONSUMER_SETTINGS), READ_PATIENCE));
    GivenUpVolumes givenUp =
        opened(new GivenUpVolumes(topics, kafka.consumer(CommittedRecords.FEW_VALUES)));
    PreprocessTopology topology =
        new PreprocessTopology(
            topics,
            config,
            store,
            volumes,
            givenUp,
            Clock.systemUTC(),
            preprocessingTime(server().metrics()),
            tracing());
    StageMetrics metrics =
        new StageMetrics(server().metrics(), NAME, topics.volumes(), topics.deadLetters());
    KafkaStreams made =
        new KafkaStreams(
            topology.get(),
            properties(kafka, config, LetterRoom.of(kafka), tracing()),
            new MeteredClients(metrics));
    // Streams stay in their group by default, and the next instance would wait for the session to
    // end.
    opened(
        () ->
            made.close(
                CloseOptions.timeout(CLOSE_TIMEOUT)
                    .withGroupMembershipOperation(
                        CloseOptions.GroupMembershipOperation.LEAVE_GROUP)));
    made.setUncaughtExceptionHandler(this::streamsFailed);
    server()
        .kafkaMetrics(topics)
        .bind((refresh, interval) -> new KafkaStreamsMetrics(made, List.of(), refresh, interval));
    return made;
  }

  @Override
  public String waitingFor() {
    // Streams keep running if no broker answers.
    KafkaStreams.State state = streams.state();
    return Service.reasons(
        state == KafkaStreams.State.RUNNING ? "" : "streams are " + state,
        kafkaProbe.problem(),
        storeProbe.problem());
  }

  private StreamThreadExceptionResponse streamsFailed(Throwable failure) {
    log.error("{} failed: {}", NAME, failure.toString(), failure);
    failed(failure);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private static Timer preprocessingTime(MeterRegistry registry) {
    return StageMetrics.timer(
            "pneumostream.preprocessing", "From a scan's bytes to its network-ready volume")
        .register(registry);
  }

  /** The application id, which is also its consumer group. */
  public static String group(Topics topics) {
    return topics.preprocessGroup();
  }

  static Properties properties(
      KafkaConnection kafka, PreprocessConfig config, LetterRoom room, Tracing tracing) {
    Map<String, Object> ours = new HashMap<>();
    ours.put(StreamsConfig.APPLICATION_ID_CONFIG, group(kafka.topics()));
    ours.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
    ours.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    ours.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    // The scorer sees a volume when its transaction is committed.
    ours.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 20);
    ours.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.REUSE_KTABLE_SOURCE_TOPICS);
    ours.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    ours.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    ours.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
    ours.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
    ours.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);
    ours.put(DeadLetterHandler.TOPIC, kafka.topics().deadLetters());
    ours.put(DeadLetterHandler.SCANS, kafka.topics().scans().name());
    ours.put(DeadLetterHandler.TRACING, tracing);
    ours.put(DeadLetterHandler.ROOM, room);
    // Scans are megabytes each, so only few are buffered.
    ours.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 4);
    // StreamsStart has already chosen the group's start position.
    ours.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "none");
    // The largest scans take tens of seconds, and the member must poll between two of them.
    ours.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 1);
    // The transaction begins when scans have been preprocessed. Readers of volumes wait this long
    // for a lost host.
    ours.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 10_000);
    kafka
        .producerSettings()
        .forEach((key, value) -> ours.put(StreamsConfig.producerPrefix(key), value));
    // Faster here than on the broker, which has to look into every batch anyway.
    ours.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "zstd");
    ours.put(
        StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG), ZSTD_LEVEL);
    for (String shared :
        List.of(ConsumerConfig.RECEIVE_BUFFER_CONFIG, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)) {
      ours.put(StreamsConfig.consumerPrefix(shared), kafka.consumerSettings().get(shared));
    }
    Properties properties = new Properties();
    properties.putAll(kafka.streamsSettings(ours));
    return properties;
  }
}
