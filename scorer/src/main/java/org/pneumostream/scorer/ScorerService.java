package org.pneumostream.scorer;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.runtime.GroupStart;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaProbe;
import org.pneumostream.runtime.LetterRoom;
import org.pneumostream.runtime.RunningService;
import org.pneumostream.runtime.Service;
import org.pneumostream.runtime.Worker;
import org.pneumostream.schemas.Stage;
import org.pneumostream.schemas.Topics;
import org.pneumostream.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scorer service: reads volumes, scores them with the champion, writes predictions and alerts.
 */
public final class ScorerService extends RunningService {
  static final String NAME = Stage.SCORER.toString();

  private static final Logger log = LoggerFactory.getLogger(ScorerService.class);
  // The transaction begins when a batch has been scored, so it takes no longer than writing the
  // answers.
  private static final int TRANSACTION_TIMEOUT_MS = 10_000;
  // How soon an unanswered commit is noticed, and a stop during it.
  private static final int MAX_BLOCK_MS = 20_000;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
  private static final int FETCH_BYTES = 16 << 20;

  private final ScorerConfig config;
  private ChampionWatch watch;
  private ScoringLoop loop;
  private KafkaProbe probe;

  private ScorerService(Settings settings, ScorerConfig config) {
    super(NAME, settings);
    this.config = config;
  }

  /** Creates the missing topics, then starts. */
  public static ScorerService start(Settings settings) {
    return start(new ScorerService(settings, ScorerConfig.from(settings)), settings);
  }

  @Override
  protected void open(KafkaConnection kafka) {
    Topics topics = kafka.topics();
    requireRoom(kafka, topics.predictions(), topics.alerts(), topics.deadLetters());
    ScorerMetrics metrics = new ScorerMetrics(server().metrics(), topics, Clock.systemUTC());
    watch =
        new ChampionWatch(
            new ModelCatalogue(kafka, config.modelName()),
            config.inputShape(),
            config.precision().orFullOnCpu(),
            metrics);
    opened(Worker.start("champion-watch", watch::round, watch::wakeUp, watch));
    loop = loop(kafka, metrics);
    loop.subscribe(topics.volumes().name());
    opened(Worker.start(NAME, loop::round, loop::stop, loop::close));
    probe =
        opened(
            KafkaProbe.start(
                kafka,
                List.of(topics.volumes(), topics.models()),
                List.of(topics.predictions(), topics.alerts(), topics.deadLetters())));
    listen(config.port(), routes -> {});
    log.info("{}: model {}, {}", NAME, config.modelName(), config.inputShape());
  }

  private ScoringLoop loop(KafkaConnection kafka, ScorerMetrics metrics) {
    Topics topics = kafka.topics();
    String group = group(topics, config.modelName());
    KafkaConsumer<String, byte[]> consumer =
        opened(
            kafka.consumer(
                Map.of(
                    ConsumerConfig.GROUP_ID_CONFIG,
                    group,
                    // The loop decides where to start.
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "none",
                    // The loop fills its batches itself, record by record from what was fetched.
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    1,
                    // A batch should be fetched at once; the default holds less than one volume.
                    ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                    FETCH_BYTES)));
    KafkaProducer<String, byte[]> producer =
        kafka.producer(
            Map.of(
                // The group fences scorers that have lost their partitions; the transactional id
                // does not.
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                group + "." + UUID.randomUUID(),
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                TRANSACTION_TIMEOUT_MS,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                MAX_BLOCK_MS));
    // An unanswered transaction would keep the producer from closing.
    opened(() -> producer.close(CLOSE_PATIENCE));
    server().kafkaMetrics(topics).bind(consumer);
    server().kafkaMetrics(topics).bind(producer);
    return new ScoringLoop(
        consumer,
        producer,
        watch::takeNext,
        new AnsweredVolumes(
                topics,
                config.modelName(),
                new GroupStart(group, config.lostPosition()),
                () -> kafka.consumer(Map.of()))
            ::starts,
        new BatchScorer(topics, config.alertThreshold(), LetterRoom.of(kafka), Clock.systemUTC()),
        config,
        metrics,
        tracing());
  }

  /** The consumer group of a model's scorers; each model scores every scan. */
  public static String group(Topics topics, String model) {
    return topics.volumes().name() + "." + NAME + "." + model;
  }

  @Override
  public String waitingFor() {
    return Service.reasons(
        championMissing(),
        loop.isWaitingForKafka() ? "Kafka has not confirmed a transaction" : "",
        probe.problem());
  }

  private String championMissing() {
    Champion champion = loop.champion();
    String refusal = watch.refusal();
    if (champion == null) {
      return refusal.isEmpty() ? "no champion yet" : refusal;
    }
    return refusal.isEmpty()
        ? ""
        : refusal + "; version " + champion.version().getVersion() + " stays in force";
  }
}
