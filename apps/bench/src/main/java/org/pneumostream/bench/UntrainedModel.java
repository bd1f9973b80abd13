package org.pneumostream.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pneumostream.classifier.ModelMetadata;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.trainer.Candidate;
import org.pneumostream.trainer.ModelPublisher;
import org.pneumostream.training.Assessment;
import org.pneumostream.training.Example;
import org.pneumostream.training.Gate;
import org.pneumostream.training.GateMetric;
import org.pneumostream.training.Scores;
import org.pneumostream.volume.InputShape;

/** A model without training, for benchmarks that need any answers. */
public final class UntrainedModel {
  private UntrainedModel() {}

  /** Publishes weights drawn from a seed as the next version; the first becomes champion. */
  public static ModelVersion publish(ModelPublisher models, InputShape shape, long seed) {
    return publish(models, shape, seed, Map.of());
  }

  /**
   * The same with additional metadata.
   *
   * @param metadata entries as {@link ModelMetadata} names them
   */
  public static ModelVersion publish(
      ModelPublisher models, InputShape shape, long seed, Map<String, String> metadata) {
    Map<String, String> all = new HashMap<>(metadata);
    all.put(ModelMetadata.INPUT_SHAPE, shape.toString());
    Lineage lineage =
        Lineage.newBuilder()
            .setRunId("untrained-" + seed)
            .setSnapshot(Map.of())
            .setTrainingScans(0)
            .setValidationScans(0)
            .setSeed(seed)
            .setSettings(Map.of())
            .setCodeVersion("")
            .build();
    ModelWeights weights = ModelWeights.initial(seed).withMetadata(all);
    Assessment chance = new Assessment(twoScans(), twoScans());
    Candidate candidate =
        new Candidate(weights, chance, lineage, ModelEventType.IMPORTED, "untrained");
    return models
        .publish(candidate, new Gate(GateMetric.AUROC, false), champion -> chance)
        .version();
  }

  private static Scores twoScans() {
    List<Example> examples =
        List.of(new Example("a", 0, Finding.NORMAL), new Example("b", 0, Finding.ABNORMAL));
    return new Scores(examples, new float[] {0.5f, 0.5f});
  }
}
