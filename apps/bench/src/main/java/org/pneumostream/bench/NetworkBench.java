package org.pneumostream.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pneumostream.classifier.Execution;
import org.pneumostream.classifier.Workload;
import org.pneumostream.volume.InputShape;

/** Compares scoring and training with the layer-by-layer network in a JVM with default settings. */
public final class NetworkBench {
  private static final int WARM_UP = 2;
  private static final List<Integer> BATCHES = List.of(1, 2, 4, 8);

  private final InputShape shape;
  private final int runs;

  public NetworkBench(InputShape shape, int runs) {
    this.shape = shape;
    this.runs = runs;
  }

  /**
   * One scan, in turn with the baseline; then larger batches, the engine's own limit, and memory.
   */
  public Map<String, Object> score() throws Exception {
    Map<String, Object> figures = new LinkedHashMap<>();
    double median;
    try (NetworkWork ours = NetworkWork.scoring(shape, Execution.FAST, 1);
        Baseline baseline = Baseline.start("score", shape)) {
      median = compare(figures, ours, baseline);
      figures.put("probability_difference", Math.abs(ours.run() - baseline.run()));
    }
    for (int batch : BATCHES) {
      try (NetworkWork work = NetworkWork.scoring(shape, Execution.FAST, batch)) {
        Timings timings = Timings.inTurn(1, Math.max(3, runs / batch), work::run)[0];
        figures.put("batch_%d_ms_per_scan".formatted(batch), timings.median() / batch);
      }
    }
    double operations = Workload.operations(shape);
    double rate = operations / (median / 1e3);
    double peakRate = Workload.peakRate();
    figures.put("gflop_per_scan", operations / 1e9);
    figures.put("gflop_per_s", rate / 1e9);
    figures.put("engine_peak_gflop_per_s", peakRate / 1e9);
    figures.put("share_of_engine_peak", rate / peakRate);
    figures.put("peak_memory_mb", PeakMemory.megabytes("score", shape, Execution.FAST));
    return figures;
  }

  /** One optimizer step on two scans, in turn with the baseline; and memory. */
  public Map<String, Object> train() throws Exception {
    Map<String, Object> figures = new LinkedHashMap<>();
    try (NetworkWork ours = NetworkWork.training(shape, Execution.FAST);
        Baseline baseline = Baseline.start("train", shape)) {
      figures.put("first_loss_difference", Math.abs(ours.run() - baseline.run()));
      compare(figures, ours, baseline);
    }
    figures.put("peak_memory_mb", PeakMemory.megabytes("train", shape, Execution.FAST));
    return figures;
  }

  private double compare(Map<String, Object> figures, NetworkWork ours, Baseline baseline)
      throws Exception {
    Timings[] timings = Timings.inTurn(WARM_UP, runs, ours::run, baseline::run);
    figures.put("shape", shape.toString());
    figures.put("median_ms", timings[0].median());
    figures.put("min_ms", timings[0].min());
    figures.put("runs", runs);
    figures.put("threads", Runtime.getRuntime().availableProcessors());
    figures.put("baseline_median_ms", timings[1].median());
    figures.put("baseline_min_ms", timings[1].min());
    figures.put("speedup", timings[1].median() / timings[0].median());
    return timings[0].median();
  }
}
