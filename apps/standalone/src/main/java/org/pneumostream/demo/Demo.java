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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.pneumostream.classifier.ShippedModel;
import org.pneumostream.ingest.IngestService;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.standalone.Standalone;
import org.pneumostream.terminal.PredictionLine;
import org.pneumostream.terminal.Progress;
import org.pneumostream.trainer.ModelImport;
import org.pneumostream.trainer.Publication;
import org.pneumostream.trainer.TrainerService;
import org.pneumostream.training.TrainingListener;

/**
 * The main use case from end to end: scans are pushed and scored by the shipped model, readers
 * label them, the model is retrained while more scans arrive, and new scans are scored by the new
 * champion.
 */
public final class Demo {
  /** Events for new versions; the gate's verdict is another event. */
  private static final Set<ModelEventType> COMINGS =
      Set.of(ModelEventType.TRAINED, ModelEventType.IMPORTED);

  private final Standalone standalone;
  private final PrintStream out;
  private final int syntheticScans;
  private final List<Path> realScans;
  private final IngestClient ingest;
  // The observer's thread reads this, too.
  private final Map<String, DemoScan> truth = new ConcurrentHashMap<>();
  private final Set<String> pushed = new HashSet<>();

  /**
   * @param standalone the running system
   * @param out receives the demo's output
   * @param syntheticScans number of synthetic scans to push
   * @param realScans files of real CT to push with them
   */
  public Demo(Standalone standalone, PrintStream out, int syntheticScans, List<Path> realScans) {
    this.standalone = standalone;
    this.out = out;
    this.syntheticScans = syntheticScans;
    this.realScans = realScans;
    this.ingest = new IngestClient(standalone.service(IngestService.class).port());
  }

  /**
   * Runs the demo to its end.
   *
   * @return whether every scan got exactly one prediction from each model that scored it, and the
   *     model was retrained
   */
  public boolean run() throws IOException, InterruptedException {
    Instant start = Instant.now();
    KafkaConnection kafka = KafkaSettings.connection(standalone.settings());
    try (Observer observer = new Observer(kafka, this::show)) {
      int before = syntheticScans * 2 / 3;
      int meanwhile = syntheticScans / 6;
      int after = syntheticScans - before - meanwhile;

      heading("Importing the shipped model, which was trained on synthetic scans");
      takeUpShippedModel(kafka, observer);

      heading("Pushing %d real and %d synthetic scans", realScans.size(), before);
      for (Path file : realScans) {
        pushed.add(ingest.push(Files.readAllBytes(file)));
      }
      Map<String, DemoScan> labeled = pushWithProgress(0, before);
      awaitPredictions(observer);

      heading("Labelling them, and retraining the model while %d more scans arrive", meanwhile);
      label(labeled, observer);
      int verdicts = verdicts(observer).size();
      standalone.service(TrainerService.class).trainNow();
      // The training's progress bar uses the terminal.
      push(before, meanwhile, scans -> {});
      printVerdict(verdicts, observer);

      heading("Pushing %d new scans to the champion", after);
      Set<String> last = pushWithProgress(before + meanwhile, after).keySet();
      awaitPredictions(observer);

      heading("Summary");
      DemoSummary summary =
          new DemoSummary(
              pushed,
              truth,
              observer.predictions(),
              observer.modelEvents().stream().filter(e -> !e.getAt().isBefore(start)).toList(),
              Set.copyOf(last));
      summary.print(out, Duration.between(start, Instant.now()));
      return summary.isComplete();
    }
  }

  /** Imports the shipped model, unless an earlier demo on the same data did. */
  private void takeUpShippedModel(KafkaConnection kafka, Observer observer)
      throws InterruptedException {
    String model = standalone.settings().get(ModelSettings.NAME);
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, model)) {
      Optional<ModelVersion> champion = catalogue.refresh().champion();
      if (champion.isPresent()) {
        out.printf("version %s is already champion%n", champion.get().getVersion());
        return;
      }
    }
    Publication publication =
        ModelImport.run(
            standalone.settings(), ShippedModel.weights(), TrainingListener.NONE, () -> false);
    observer.await(() -> !verdicts(observer).isEmpty());
    out.println(publication.summary());
  }

  private Map<String, DemoScan> pushWithProgress(int firstSeed, int count) throws IOException {
    try (Progress progress = Progress.of("making and pushing synthetic scans", count)) {
      return push(firstSeed, count, progress::to);
    }
  }

  /**
   * @param progress receives the number of pushed scans
   */
  private Map<String, DemoScan> push(int firstSeed, int count, LongConsumer progress)
      throws IOException {
    Map<String, DemoScan> scans = new HashMap<>();
    for (int i = 0; i < count; i++) {
      DemoScan scan = DemoScan.of(firstSeed + i);
      String id = ingest.push(scan.file());
      truth.put(id, scan);
      scans.put(id, scan);
      progress.accept(i + 1L);
    }
    pushed.addAll(scans.keySet());
    return scans;
  }

  private void label(Map<String, DemoScan> scans, Observer observer)
      throws IOException, InterruptedException {
    for (Map.Entry<String, DemoScan> scan : scans.entrySet()) {
      ingest.label(scan.getKey(), scan.getValue().finding());
    }
    observer.await(() -> observer.hasLabeled(scans.keySet()));
  }

  /** Waits for the outcome of the requested run. */
  private void printVerdict(int before, Observer observer) throws InterruptedException {
    observer.await(() -> verdicts(observer).size() > before);
    ModelEvent verdict = verdicts(observer).get(before);
    String subject = verdict.getVersion() == null ? "run" : "version " + verdict.getVersion();
    out.printf(
        "%s %s: %s%n",
        subject, verdict.getType().name().toLowerCase(Locale.ROOT), verdict.getReason());
  }

  /** Outcomes of the runs. */
  private static List<ModelEvent> verdicts(Observer observer) {
    return observer.modelEvents().stream()
        .filter(event -> !COMINGS.contains(event.getType()))
        .toList();
  }

  /**
   * Waits for a prediction or a dead letter of each; the summary counts dead letters as no
   * prediction.
   */
  private void awaitPredictions(Observer observer) throws InterruptedException {
    try (Progress progress = Progress.of("scored", pushed.size())) {
      observer.await(
          () -> {
            long answered = observer.answered(pushed);
            progress.to(answered);
            return answered == pushed.size();
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
