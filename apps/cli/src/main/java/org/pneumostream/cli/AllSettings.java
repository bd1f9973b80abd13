package org.pneumostream.cli;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.ingest.IngestConfig;
import org.pneumostream.preprocess.PreprocessConfig;
import org.pneumostream.runtime.KafkaConfig;
import org.pneumostream.runtime.LostPosition;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.runtime.TracingConfig;
import org.pneumostream.scanstore.ScanLimits;
import org.pneumostream.scanstore.ScanStoreConfig;
import org.pneumostream.scorer.ScorerConfig;
import org.pneumostream.settings.DataDir;
import org.pneumostream.settings.Setting;
import org.pneumostream.status.StatusConfig;
import org.pneumostream.trainer.TrainerConfig;

/** Every setting there is, so that one file can serve all parts and a misspelt key is found. */
public final class AllSettings {
  public static final List<Setting<?>> ALL =
      Stream.concat(
              Stream.of(
                  KafkaConfig.ALL,
                  HttpConfig.ALL,
                  TracingConfig.ALL,
                  List.of(DataDir.SETTING),
                  ModelSettings.ALL,
                  List.of(LostPosition.SETTING),
                  ScanLimits.ALL,
                  ScanStoreConfig.ALL,
                  IngestConfig.ALL,
                  PreprocessConfig.ALL,
                  ScorerConfig.ALL,
                  TrainerConfig.ALL,
                  StatusConfig.ALL),
              ServiceLoader.load(Subcommand.class).stream()
                  .map(command -> command.get().furtherSettings()))
          .<Setting<?>>flatMap(List::stream)
          .toList();

  private AllSettings() {}
}
