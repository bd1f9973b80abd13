package org.pneumostream.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.pneumostream.ingest.IngestService;
import org.pneumostream.phantom.Phantom;
import org.pneumostream.phantom.PhantomFinding;
import org.pneumostream.phantom.PhantomSize;
import org.pneumostream.preprocess.PreprocessService;
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
 * Overhead of the stream over the work itself: synthetic scans go through ingest, preprocess-stream
 * and scorer on an embedded cluster, one at a time. Each is pushed over HTTP when the prediction of
 * the one before has been seen.
 */
public final class StreamBench {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Additional first scans, so that code is compiled and topics' metadata is known. */
  private static final int WARM_UP = 20;

  /** Size of the backlog for measuring throughput. */
  private static final int WAITING = 32;

  private final InputShape shape;
  private final PhantomSize size;
  private final int runs;
  private final byte[] phantom;

  /**
   * @param shape the network's input shape
   * @param size size of the scans
   * @param runs number of scans that count
   */
  public StreamBench(InputShape shape, PhantomSize size, int runs) throws IOException {
    this.shape = shape;
    this.size = size;
    this.runs = runs;
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Phantom.generate(1, PhantomFinding.ABNORMAL, size).writeTo(file);
    this.phantom = file.toByteArray();
  }

  /**
   * A scan with its prediction.
   *
   * @param pushed when its push began
   * @param prediction its prediction
   * @param seen when the prediction was seen
   */
  record Way(Instant pushed, Prediction prediction, Instant seen) {
    /** From the start of the push to seeing the prediction, in ms. */
    double total() {
      return millis(pushed, seen);
    }

    /** From the start of the push to the end of reading the scan. */
    double intake() {
      return millis(pushed, prediction.getReceivedAt());
    }

    /** From the end of reading the scan to the start of its preprocessing. */
    double toPreprocessing() {
      return millis(prediction.getReceivedAt(), prediction.getPreprocessedAt())
          - prediction.getPreprocessMillis();
    }

    /** From the finished volume to the start of inference. */
    double toInference() {
      return millis(prediction.getPreprocessedAt(), prediction.getScoredAt())
          - prediction.getInferenceMillis();
    }

    /** From the probability to seeing the prediction. */
    double toReader() {
      return millis(prediction.getScoredAt(), seen);
    }

    /** Total without preprocessing and inference. */
    double added() {
      return total() - prediction.getPreprocessMillis() - prediction.getInferenceMillis();
    }

    private static double millis(Instant from, Instant to) {
      return Duration.between(from, to).toNanos() / 1e6;
    }
  }

  /** Runs the benchmark; returns figures by name. */
  public Map<String, Object> run() throws Exception {
    try (BenchCluster cluster = BenchCluster.start()) {
      Settings settings = cluster.settings(shape, Map.of());
      KafkaConnection kafka = KafkaSettings.connectionWithTopics(settings);
      ModelPublisher models =
          ModelPublisher.over(kafka, settings.get(ModelSettings.NAME), Clock.systemUTC());
      UntrainedModel.publish(models, shape, 1);
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("scan", "%dx%dx%d".formatted(size.width(), size.height(), size.depth()));
      figures.put("shape", shape.toString());
      figures.put("threads", Runtime.getRuntime().availableProcessors());
      figures.putAll(figures(oneAtATime(settings, kafka)));
      figures.putAll(new SaturationBench(shape, WAITING).run(cluster));
      return figures;
    }
  }

  private List<Way> oneAtATime(Settings settings, KafkaConnection kafka) throws Exception {
    Topic<Prediction> topic = kafka.topics().predictions();
    try (ScorerService scorer = ScorerService.start(settings);
        PreprocessService preprocess = PreprocessService.start(settings);
        IngestService ingest = IngestService.start(settings);
        KafkaConsumer<String, byte[]> predictions = kafka.consumer(Map.of())) {
      List<TopicPartition> partitions =
          CommittedRecords.partitions(predictions, List.of(topic.name()));
      predictions.assign(partitions);
      predictions.seekToBeginning(partitions);
      HttpClient client = HttpClient.newHttpClient();
      URI scans = URI.create("http://127.0.0.1:" + ingest.port() + "/scans");
      List<Way> ways = new ArrayList<>();
      for (int i = -WARM_UP; i < runs; i++) {
        Way way = way(client, scans, scan(i), topic, predictions);
        if (i >= 0) {
          ways.add(way);
        }
      }
      return ways;
    }
  }

  private Way way(
      HttpClient client,
      URI scans,
      byte[] scan,
      Topic<Prediction> topic,
      KafkaConsumer<String, byte[]> predictions)
      throws IOException, InterruptedException {
    Instant pushed = Instant.now();
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(scans).POST(BodyPublishers.ofByteArray(scan)).build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 202) {
      throw new IllegalStateException("push: " + answer.statusCode() + " " + answer.body());
    }
    Instant end = pushed.plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      ConsumerRecords<String, byte[]> read = predictions.poll(PATIENCE);
      Instant seen = Instant.now();
      if (!read.isEmpty()) {
        return new Way(pushed, topic.value(read.iterator().next().value()), seen);
      }
    }
    throw new IllegalStateException("no prediction within " + PATIENCE.toSeconds() + " s");
  }

  static Map<String, Object> figures(List<Way> ways) {
    Timings total = timings(ways, Way::total);
    Timings added = timings(ways, Way::added);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("median_ms", total.median());
    figures.put("min_ms", total.min());
    figures.put("p99_ms", total.percentile(99));
    figures.put("runs", total.runs());
    figures.put("added_median_ms", added.median());
    figures.put("added_p99_ms", added.percentile(99));
    figures.put("intake_median_ms", timings(ways, Way::intake).median());
    figures.put("to_preprocessing_median_ms", timings(ways, Way::toPreprocessing).median());
    figures.put("to_inference_median_ms", timings(ways, Way::toInference).median());
    figures.put("to_reader_median_ms", timings(ways, Way::toReader).median());
    figures.put(
        "preprocessing_median_ms",
        timings(ways, way -> way.prediction().getPreprocessMillis()).median());
    figures.put(
        "inference_median_ms",
        timings(ways, way -> way.prediction().getInferenceMillis()).median());
    return figures;
  }

  private static Timings timings(List<Way> ways, ToDoubleFunction<Way> part) {
    return new Timings(ways.stream().mapToDouble(part).toArray());
  }

  /** The same scan with one different voxel, as a .nii.gz. */
  private byte[] scan(int number) throws IOException {
    byte[] file = phantom.clone();
    file[file.length - 1 - WARM_UP - number] ^= 1;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(file);
    }
    return bytes.toByteArray();
  }
}
