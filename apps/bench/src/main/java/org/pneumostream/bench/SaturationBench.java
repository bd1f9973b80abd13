package org.pneumostream.bench;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.Topic;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.settings.Settings;
import org.pneumostream.trainer.ModelPublisher;
import org.pneumostream.volume.InputShape;

/**
 * Throughput of scorers with a backlog, and the network's share of their time: with one scorer and
 * two, on 1, 2, 4 and 8 partitions. All scorers share this machine.
 */
final class SaturationBench {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int[] PARTITIONS = {1, 2, 4, 8};
  private static final int MOST_SCORERS = 2;

  private final InputShape shape;
  private final int volumes;

  /**
   * @param volumes size of the backlog
   */
  SaturationBench(InputShape shape, int volumes) {
    this.shape = shape;
    this.volumes = volumes;
  }

  /** Runs the benchmark; returns figures by name. */
  Map<String, Object> run(BenchCluster cluster) throws Exception {
    Map<String, Object> figures = new LinkedHashMap<>();
    for (int scorers = 1; scorers <= MOST_SCORERS; scorers++) {
      for (int partitions : PARTITIONS) {
        String name = scorers + "_scorers_" + partitions + "_partitions";
        Settings settings =
            cluster.settings(
                shape,
                Map.of(
                    "partitions",
                    Integer.toString(partitions),
                    "topic-prefix",
                    "bench." + name + "."));
        Load load = Load.of(scored(settings, scorers), scorers);
        figures.put("per_s_" + name, load.perSecond());
        figures.put("busy_" + name, load.busy());
      }
    }
    return figures;
  }

  private List<Prediction> scored(Settings settings, int scorers) throws Exception {
    KafkaConnection kafka = KafkaSettings.connectionWithTopics(settings);
    ModelPublisher models =
        ModelPublisher.over(kafka, settings.get(ModelSettings.NAME), Clock.systemUTC());
    SampleVolumes samples = new SampleVolumes(shape, kafka.topics().volumes());
    try (KafkaProducer<String, byte[]> producer = kafka.producer(Map.of())) {
      for (int number = 0; number < volumes; number++) {
        producer.send(samples.record(number)).get();
      }
    }
    List<ScorerService> running = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(Map.of())) {
      for (int number = 0; number < scorers; number++) {
        running.add(ScorerService.start(settings));
      }
      // Scorers without a champion join their group and wait, so that they begin together.
      UntrainedModel.publish(models, shape, 1);
      return await(consumer, kafka.topics().predictions());
    } finally {
      running.forEach(ScorerService::close);
    }
  }

  private List<Prediction> await(KafkaConsumer<String, byte[]> consumer, Topic<Prediction> topic) {
    List<TopicPartition> partitions = CommittedRecords.partitions(consumer, List.of(topic.name()));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    List<Prediction> scored = new ArrayList<>();
    Instant end = Instant.now().plus(PATIENCE);
    while (scored.size() < volumes) {
      if (Instant.now().isAfter(end)) {
        throw new IllegalStateException(
            "%d of %d predictions after %d s"
                .formatted(scored.size(), volumes, PATIENCE.toSeconds()));
      }
      consumer.poll(POLL).forEach(record -> scored.add(topic.value(record.value())));
    }
    return scored;
  }

  /**
   * Result of scorers with a backlog, from the first batch's end to the last one's.
   *
   * @param perSecond volumes per second
   * @param busy share of the scorers' time that the network took, 0 to 1
   */
  record Load(double perSecond, double busy) {
    static Load of(List<Prediction> scored, int scorers) {
      Instant first =
          scored.stream().map(Prediction::getScoredAt).min(Instant::compareTo).orElseThrow();
      Instant last =
          scored.stream().map(Prediction::getScoredAt).max(Instant::compareTo).orElseThrow();
      List<Prediction> counted =
          scored.stream().filter(one -> one.getScoredAt().isAfter(first)).toList();
      double millis = Duration.between(first, last).toMillis();
      double network =
          counted.stream().mapToDouble(one -> one.getInferenceMillis() / one.getBatchSize()).sum();
      return new Load(1000 * counted.size() / millis, network / millis / scorers);
    }
  }
}
