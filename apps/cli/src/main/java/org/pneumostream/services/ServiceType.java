package org.pneumostream.services;

import java.util.List;
import java.util.function.Function;
import org.pneumostream.ingest.IngestConfig;
import org.pneumostream.ingest.IngestService;
import org.pneumostream.preprocess.PreprocessConfig;
import org.pneumostream.preprocess.PreprocessService;
import org.pneumostream.runtime.Service;
import org.pneumostream.schemas.Stage;
import org.pneumostream.scorer.ScorerConfig;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;
import org.pneumostream.trainer.TrainerConfig;
import org.pneumostream.trainer.TrainerService;

/**
 * All services, in the order in which a scan passes them. The command line, {@code settings},
 * {@code status} and {@code standalone} read this list.
 */
public enum ServiceType {
  INGEST(
      Stage.INGEST,
      "Receives scans.",
      IngestConfig.INGEST_PORT,
      IngestConfig.ALL,
      IngestService::start),
  PREPROCESS_STREAM(
      Stage.PREPROCESS_STREAM,
      "Preprocesses scans into volumes.",
      PreprocessConfig.PORT,
      PreprocessConfig.ALL,
      PreprocessService::start),
  SCORER(
      Stage.SCORER, "Scores volumes.", ScorerConfig.PORT, ScorerConfig.ALL, ScorerService::start),
  TRAINER(
      Stage.TRAINER,
      "Retrains from labeled volumes.",
      TrainerConfig.PORT,
      TrainerConfig.ALL,
      TrainerService::start);

  private final Stage stage;
  private final String summary;
  private final Setting<Integer> port;
  private final List<Setting<?>> settings;
  private final Function<Settings, Service> start;

  ServiceType(
      Stage stage,
      String summary,
      Setting<Integer> port,
      List<Setting<?>> settings,
      Function<Settings, Service> start) {
    this.stage = stage;
    this.summary = summary;
    this.port = port;
    this.settings = settings;
    this.start = start;
  }

  /** Its purpose, one sentence, for {@code --help}. */
  public String summary() {
    return summary;
  }

  /** Its HTTP port. */
  public Setting<Integer> port() {
    return port;
  }

  /** Its own settings. */
  public List<Setting<?>> settings() {
    return settings;
  }

  /** Starts it; the caller closes it. */
  public Service start(Settings all) {
    return start.apply(all);
  }

  /** Its name: its command, and its tag in metrics and traces. */
  @Override
  public String toString() {
    return stage.toString();
  }
}
