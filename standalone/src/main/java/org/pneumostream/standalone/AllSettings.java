package org.pneumostream.standalone;

import java.util.List;
import java.util.stream.Stream;
import org.pneumostream.ingest.IngestConfig;
import org.pneumostream.preprocess.PreprocessConfig;
import org.pneumostream.scorer.ScorerConfig;
import org.pneumostream.service.KafkaConfig;
import org.pneumostream.service.ServiceConfig;
import org.pneumostream.service.Setting;
import org.pneumostream.status.StatusConfig;
import org.pneumostream.trainer.TrainerConfig;

/** Every setting there is, so that one file can serve all parts and a misspelt key is found. */
public final class AllSettings {
  public static final List<Setting<?>> ALL =
      Stream.of(
              KafkaConfig.ALL,
              ServiceConfig.ALL,
              IngestConfig.ALL,
              PreprocessConfig.ALL,
              ScorerConfig.ALL,
              TrainerConfig.ALL,
              StandaloneConfig.ALL,
              StatusConfig.ALL)
          .<Setting<?>>flatMap(List::stream)
          .toList();

  private AllSettings() {}
}
