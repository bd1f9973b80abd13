package org.pneumostream.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.service.KafkaConfig;
import org.pneumostream.standalone.Standalone;
import org.pneumostream.terminal.PredictionLine;
import org.pneumostream.terminal.Progress;

/**
 * The main job from end to end: scans come in, a first model is trained on those that readers have
 * labeled and scores them all, readers label more, the model is retrained and swapped in, and new
 * scans meet the champion.
 */
public final class Demo {
  private final Standalone standalone;
  private final PrintStream out;
  private final int syntheticScans;
  private final List<Path> realScans;
  private final Scanner scanner;
  // Read by the observer's thread, too.
  private final Map<String, DemoScan> truth = new ConcurrentHashMap<>();
  private final Set<String> pushed = new HashSet<>();

  /**
   * @param standalone the running system
   * @param out where the demo shows what happens
   * @param syntheticScans how many synthetic scans to push
   * @param realScans files of real CT to push with them
   */
  public Demo(Standalone standalone, PrintStream out, int syntheticScans, List<Path> realScans) {
    this.standalone = standalone;
    this.out = out;
    this.syntheticScans = syntheticScans;
    this.realScans = realScans;
    this.scanner = new Scanner(standalone.ingest().port());
  }

  /**
   * Runs the demo to its end.
   *
   * @return whether every scan got exactly one prediction from each model that scored it, and a
   *     second model was trained
   */
  public boolean run() throws IOException, InterruptedException {
    Instant start = Instant.now();
    try (Observer observer =
        new Observer(KafkaConfig.connection(standalone.settings()), this::show)) {
      int labeledFirst = syntheticScans / 2;
      int labeledLater = syntheticScans / 3;
      int unlabeled = syntheticScans - labeledFirst - labeledLater;

      heading(
          "%d real and %d synthetic scans come in; readers have labeled %d of them",
          realScans.size(), labeledFirst + labeledLater, labeledFirst);
      for (Path file : realScans) {
        pushed.add(scanner.push(Files.readAllBytes(file)));
      }
      Map<String, DemoScan> first = push(0, labeledFirst);
      Map<String, DemoScan> second = push(labeledFirst, labeledLater);
      label(first, observer);

      heading("A first model is trained; the scorer waits for it, and then scores every scan");
      train(observer);
      awaitPredictions(observer);

      heading("Readers label %d more; the model is retrained", labeledLater);
      label(second, observer);
      train(observer);

      heading("%d new scans meet the champion", unlabeled);
      Set<String> last = push(labeledFirst + labeledLater, unlabeled).keySet();
      awaitPredictions(observer);

      heading("Summary");
      DemoSummary summary =
          new DemoSummary(
              pushed, truth, observer.predictions(), observer.modelEvents(), Set.copyOf(last));
      summary.print(out, Duration.between(start, Instant.now()));
      return summary.isComplete();
    }
  }

  private Map<String, DemoScan> push(int firstSeed, int count) throws IOException {
    Map<String, DemoScan> scans = new HashMap<>();
    try (Progress progress = Progress.of("making and pushing synthetic scans", count)) {
      for (int i = 0; i < count; i++) {
        DemoScan scan = DemoScan.of(firstSeed + i);
        String id = scanner.push(scan.file());
        truth.put(id, scan);
        scans.put(id, scan);
        progress.to(i + 1L);
      }
    }
    pushed.addAll(scans.keySet());
    return scans;
  }

  private void label(Map<String, DemoScan> scans, Observer observer)
      throws IOException, InterruptedException {
    for (Map.Entry<String, DemoScan> scan : scans.entrySet()) {
      scanner.label(scan.getKey(), scan.getValue().finding());
    }
    observer.await(() -> observer.hasLabeled(scans.keySet()));
  }

  /** Asks the trainer for a run and waits for what becomes of it. */
  private void train(Observer observer) throws InterruptedException {
    int before = verdicts(observer).size();
    standalone.trainer().trainNow();
    observer.await(() -> verdicts(observer).size() > before);
    ModelEvent verdict = verdicts(observer).get(before);
    String subject = verdict.getVersion() == null ? "run" : "version " + verdict.getVersion();
    out.printf(
        "%s %s: %s%n",
        subject, verdict.getType().name().toLowerCase(Locale.ROOT), verdict.getReason());
  }

  /** What became of each run. */
  private static List<ModelEvent> verdicts(Observer observer) {
    return observer.modelEvents().stream()
        .filter(event -> event.getType() != ModelEventType.TRAINED)
        .toList();
  }

  private void awaitPredictions(Observer observer) throws InterruptedException {
    try (Progress progress = Progress.of("scored", pushed.size())) {
      observer.await(
          () -> {
            long scored = pushed.stream().filter(observer.predictions()::containsKey).count();
            progress.to(scored);
            return scored == pushed.size();
          });
    }
  }

  private void show(String scanId, Prediction prediction) {
    DemoScan scan = truth.get(scanId);
    String truly =
        scan == null
            ? "real CT"
            : "synthetic, truly " + scan.finding().name().toLowerCase(Locale.ROOT);
    out.println(Progress.overBar(PredictionLine.of(scanId, prediction) + "  (" + truly + ")"));
  }

  private void heading(String text, Object... values) {
    out.printf("%n== %s%n", String.format(Locale.ROOT, text, values));
  }
}
