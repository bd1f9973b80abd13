package org.pneumostream.bench;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pneumostream.bench.VolumeStream.Passage;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.runtime.ResidentMemory;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.settings.Settings;
import org.pneumostream.trainer.ModelPublisher;
import org.pneumostream.volume.InputShape;

/**
 * Effect of a new champion on a volume's latency: volumes stream through a scorer on an embedded
 * cluster while versions of a model become champion in turn.
 */
public final class SwapBench {
  private static final int VERSIONS = 2;

  /**
   * With one partition, predictions arrive in the order of scoring. Waiting for a full batch would
   * hide the effect of a swap.
   */
  private static final Map<String, String> SETTINGS =
      Map.of("partitions", "1", "score-batch-max", "1");

  /** Swaps between two garbage collections; the first round warms up. */
  private static final int ROUND = 10;

  /** Predictions before and after a change of version that belong to the swap. */
  private static final int AROUND = 2;

  /** Predictions between a swap and the next promotion. */
  private static final int UNDISTURBED = 10;

  private final InputShape shape;
  private final int swaps;
  private int promoted;

  public SwapBench(InputShape shape, int swaps) {
    this.shape = shape;
    this.swaps = swaps;
  }

  /** Runs the benchmark; returns figures by name. */
  public Map<String, Object> run() throws Exception {
    try (BenchCluster cluster = BenchCluster.start()) {
      return run(cluster.settings(shape, SETTINGS));
    }
  }

  private Map<String, Object> run(Settings settings) throws Exception {
    KafkaConnection kafka = KafkaSettings.connectionWithTopics(settings);
    ModelPublisher models =
        ModelPublisher.over(kafka, settings.get(ModelSettings.NAME), Clock.systemUTC());
    List<String> versions = publish(models);
    try (ScorerService scorer = ScorerService.start(settings);
        VolumeStream stream = new VolumeStream(kafka, shape)) {
      swap(ROUND, models, versions, stream);
      long before = memory(stream);
      long after = before;
      List<Passage> measured = new ArrayList<>();
      for (int left = swaps; left > 0; left -= ROUND) {
        int from = stream.passages().size();
        swap(Math.min(left, ROUND), models, versions, stream);
        List<Passage> passages = stream.passages();
        measured.addAll(passages.subList(from, passages.size()));
        after = memory(stream);
      }
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("shape", shape.toString());
      figures.put("swaps", swaps);
      figures.putAll(figures(measured));
      figures.put("memory_before_mb", before / 1e6);
      figures.put("memory_after_mb", after / 1e6);
      return figures;
    }
  }

  private List<String> publish(ModelPublisher models) {
    List<String> versions = new ArrayList<>();
    for (int seed = 1; seed <= VERSIONS; seed++) {
      versions.add(UntrainedModel.publish(models, shape, seed).getVersion());
    }
    return versions;
  }

  private void swap(int times, ModelPublisher models, List<String> versions, VolumeStream stream)
      throws InterruptedException {
    for (int i = 0; i < times; i++) {
      // The first version became champion when it was published.
      String version = versions.get(++promoted % VERSIONS);
      models.promote(version, "benchmark");
      stream.awaitPredictionBy(version);
      stream.awaitMore(UNDISTURBED);
    }
  }

  /** In bytes; returns once predictions delayed by the collection have arrived. */
  private static long memory(VolumeStream stream) throws IOException, InterruptedException {
    long bytes = ResidentMemory.bytesAfterCollection();
    stream.awaitMore(UNDISTURBED);
    return bytes;
  }

  /** Times from sending a volume to seeing its prediction; all, and those around swaps. */
  static Map<String, Object> figures(List<Passage> passages) {
    List<Passage> around = new ArrayList<>();
    List<Passage> elsewhere = new ArrayList<>();
    for (int i = 0; i < passages.size(); i++) {
      (isAroundSwap(passages, i) ? around : elsewhere).add(passages.get(i));
    }
    Timings all = timings(passages);
    Timings aroundSwap = timings(around);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("median_ms", all.median());
    figures.put("min_ms", all.min());
    figures.put("runs", all.runs());
    figures.put("threads", Runtime.getRuntime().availableProcessors());
    figures.put("p99_ms", all.percentile(99));
    figures.put("slowest_elsewhere_ms", timings(elsewhere).percentile(100));
    figures.put("median_around_swap_ms", aroundSwap.median());
    figures.put("slowest_around_swap_ms", aroundSwap.percentile(100));
    figures.put("ratio", aroundSwap.percentile(100) / all.median());
    return figures;
  }

  /** Whether the model version changes within two predictions before this one or after it. */
  private static boolean isAroundSwap(List<Passage> passages, int index) {
    int first = Math.max(0, index - AROUND);
    int end = Math.min(passages.size(), index + AROUND + 1);
    return passages.subList(first, end).stream().map(Passage::modelVersion).distinct().count() > 1;
  }

  private static Timings timings(List<Passage> passages) {
    return new Timings(passages.stream().mapToDouble(Passage::millis).toArray());
  }
}
