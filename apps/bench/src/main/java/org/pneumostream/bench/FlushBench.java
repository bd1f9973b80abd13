package org.pneumostream.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.settings.Settings;
import org.pneumostream.volume.InputShape;

/**
 * The cost of flushing a record to disk before the broker acknowledges it: records the size of a
 * label and of a scan, one at a time, in turn on a topic that flushes each and on one that leaves
 * it to the operating system.
 */
public final class FlushBench {
  private static final int LABEL_BYTES = 150;
  private static final int SCAN_BYTES = 1_000_000;
  private static final int WARM_UP = 20;
  private static final String PLAIN = "plain";
  private static final String FLUSHED = "flushed";

  private final int runs;

  public FlushBench(int runs) {
    this.runs = runs;
  }

  /** Runs the benchmark; returns figures by name. */
  public Map<String, Object> run() throws Exception {
    try (BenchCluster cluster = BenchCluster.start()) {
      Settings settings = cluster.settings(InputShape.SMALL, Map.of());
      KafkaConnection kafka = KafkaSettings.connection(settings);
      createTopics(kafka);
      try (KafkaProducer<String, byte[]> producer = kafka.producer(Map.of())) {
        Timings[] timings =
            Timings.inTurn(
                WARM_UP,
                runs,
                sending(producer, PLAIN, LABEL_BYTES),
                sending(producer, FLUSHED, LABEL_BYTES),
                sending(producer, PLAIN, SCAN_BYTES),
                sending(producer, FLUSHED, SCAN_BYTES));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("runs", runs);
        put(figures, "label", timings[0]);
        put(figures, "label_flushed", timings[1]);
        put(figures, "scan", timings[2]);
        put(figures, "scan_flushed", timings[3]);
        return figures;
      }
    }
  }

  private static void createTopics(KafkaConnection kafka) throws Exception {
    try (Admin admin = kafka.admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(PLAIN, Optional.of(1), Optional.empty()),
                  new NewTopic(FLUSHED, Optional.of(1), Optional.empty())
                      .configs(Map.of(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, "1"))))
          .all()
          .get();
    }
  }

  private static Timings.Work sending(
      KafkaProducer<String, byte[]> producer, String topic, int bytes) {
    byte[] value = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(value);
    return () -> producer.send(new ProducerRecord<>(topic, value)).get();
  }

  private static void put(Map<String, Object> figures, String name, Timings timings) {
    figures.put(name + "_median_ms", timings.median());
    figures.put(name + "_p99_ms", timings.percentile(99));
  }
}
