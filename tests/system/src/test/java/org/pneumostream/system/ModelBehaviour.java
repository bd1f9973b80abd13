package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.pneumostream.classifier.ComputeDevice;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.runtime.Service;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.support.OverflowingWeights;
import org.pneumostream.system.RunningSystem.Read;
import org.pneumostream.trainer.ModelImport;
import org.pneumostream.trainer.Publication;
import org.pneumostream.trainer.Rerun;
import org.pneumostream.training.TrainingListener;
import org.pneumostream.volume.InputShape;

/** Training, gate and import of models: see {@link SystemBehaviour}. */
interface ModelBehaviour extends SystemUnderTest {
  @Test
  default void theTrainerTrainsAChampionAndTheScorerSwitchesToIt(TestInfo test) throws Exception {
    Map<String, String> quick =
        Map.of(
            "train-epochs", "2",
            "train-min-scans-per-class", "1",
            "min-new-labels", "16",
            "train-augment", "false");
    try (RunningSystem system = system(test, quick).start()) {
      Service scorer = system.services().get(0);
      assertThat(system.get(scorer, "/health/ready").statusCode()).isEqualTo(503);
      for (int seed = 0; seed < 16; seed++) {
        String finding = seed % 2 == 0 ? "normal" : "abnormal";
        HttpResponse<String> pushed =
            system.post("/scans?label=" + finding, SmallPhantom.file(seed));
        assertThat(pushed.statusCode()).isEqualTo(202);
      }

      // The sixteenth label starts it.
      system.await(
          system.topics().modelEvents(),
          read -> read.stream().anyMatch(e -> e.value().getType() == ModelEventType.PROMOTED));
      var predictions =
          system.await(
              system.topics().predictions(), read -> RunningSystem.keys(read).size() == 16);
      assertThat(predictions).hasSize(16);
      assertThat(predictions)
          .allSatisfy(read -> assertThat(read.value().getModelVersion()).isEqualTo("1"));
      assertThat(system.get(scorer, "/health/ready").statusCode()).isEqualTo(200);
      assertThat(system.now(system.topics().trainingEpochs()))
          .extracting(read -> read.value().getEpoch())
          .startsWith(1, 2);

      Path spool = directory().resolve("again");
      Rerun again =
          Rerun.of(system.kafka(), "pneumonia", "1", spool, TrainingListener.NONE, () -> false);
      assertThat(again.weights().hash()).isEqualTo(again.version().getSha256());
      assertThat(again.isSame()).isTrue();
      assertThat(again.trainedOn()).contains(ComputeDevice.current());

      String second = system.publishModel(7).getVersion();
      system.models().promote(second, "test");
      Optional<Prediction> taken = Optional.empty();
      for (int seed = 100; taken.isEmpty(); seed++) {
        String id = system.push(SmallPhantom.file(seed));
        taken =
            system
                .await(system.topics().predictions(), read -> RunningSystem.keys(read).contains(id))
                .stream()
                .map(Read::value)
                .filter(prediction -> prediction.getModelVersion().equals(second))
                .findFirst();
      }
      assertThat(taken).isPresent();
      var all = system.now(system.topics().predictions());
      assertThat(all).extracting(Read::key).doesNotHaveDuplicates();
    }
  }

  @Test
  default void anImportedModelPassesTheSameGate(TestInfo test) throws Exception {
    Map<String, String> half =
        Map.of("train-validation-fraction", "0.5", "holdout-fraction", "0.2");
    ModelWeights file =
        ModelWeights.initial(5).withMetadata(Map.of("input_shape", "48x48x48", "source", "test"));
    try (RunningSystem system = system(test, half).start()) {
      ModelWeights overflowing = OverflowingWeights.of(InputShape.SMALL);
      assertThatThrownBy(() -> importModel(system, overflowing))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("the network's output must be finite");
      assertThat(system.now(system.topics().models())).isEmpty();

      Publication first = importModel(system, file);
      assertThat(first.contest().decision().reason()).isEqualTo("there was no champion");
      Publication unlabeled = importModel(system, file);
      assertThat(unlabeled.summary())
          .isEqualTo(
              "version 2 rejected: no validation scan is new to both candidate and champion;"
                  + " the champion stays");

      for (int seed = 0; seed < 12; seed++) {
        String finding = seed % 2 == 0 ? "normal" : "abnormal";
        assertThat(system.post("/scans?label=" + finding, SmallPhantom.file(seed)).statusCode())
            .isEqualTo(202);
      }
      system.await(system.topics().labeledVolumes(), read -> RunningSystem.keys(read).size() == 12);
      Publication equal = importModel(system, file);
      assertThat(equal.isPromoted()).isFalse();
      assertThat(equal.contest().decision().reason())
          .matches("auroc .* only equals the champion's .* on the same \\d validation scans .*");
      assertThat(equal.version().getMetrics().getScans()).isPositive();
      assertThat(equal.version().getLineage().getRunId()).startsWith("import-");
      var events = system.now(system.topics().modelEvents());
      assertThat(events)
          .extracting(read -> read.value().getType())
          .containsExactly(
              ModelEventType.IMPORTED,
              ModelEventType.PROMOTED,
              ModelEventType.IMPORTED,
              ModelEventType.REJECTED,
              ModelEventType.IMPORTED,
              ModelEventType.REJECTED);

      ModelWeights other = file.withMetadata(Map.of("input_shape", "64x64x48"));
      assertThatThrownBy(() -> importModel(system, other))
          .isInstanceOf(ModelException.class)
          .hasMessage("shape of the model: 64x64x48, expected 48x48x48 (settings)");
    }
  }

  private static Publication importModel(RunningSystem system, ModelWeights file) {
    return ModelImport.run(system.settings(), file, TrainingListener.NONE, () -> false);
  }
}
