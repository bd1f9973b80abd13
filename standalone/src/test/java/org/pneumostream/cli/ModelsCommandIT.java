package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.classifier.InputShape;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.TrainingEpoch;
import org.pneumostream.service.KafkaConfig;
import org.pneumostream.service.Settings;
import org.pneumostream.standalone.EmbeddedCluster;
import org.pneumostream.trainer.Assessment;
import org.pneumostream.trainer.Candidate;
import org.pneumostream.trainer.Example;
import org.pneumostream.trainer.Gate;
import org.pneumostream.trainer.GateMetric;
import org.pneumostream.trainer.ModelPublisher;
import org.pneumostream.trainer.Scores;

/** What {@code models show} tells of a version's run. */
class ModelsCommandIT {
  private static final Assessment ASSESSMENT =
      new Assessment(
          new Scores(
              List.of(new Example("a", 0, Finding.NORMAL), new Example("b", 0, Finding.ABNORMAL)),
              new float[] {0.5f, 0.5f}),
          Optional.empty());

  @TempDir static Path directory;
  private static EmbeddedCluster cluster;

  @BeforeAll
  static void publish() throws Exception {
    cluster = EmbeddedCluster.start(directory.resolve("data"), 0, 0);
    KafkaConnection kafka =
        KafkaConfig.connection(Settings.of(AllSettings.ALL, cluster.settings()));
    try (Admin admin = kafka.admin();
        Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      kafka.topics().createMissing(admin);
      for (String run : List.of("run-1", "another")) {
        for (int epoch = 1; epoch <= 3; epoch++) {
          producer.send(kafka.topics().trainingEpochs().record(run, epoch(epoch))).get();
        }
      }
    }
    ModelPublisher models = ModelPublisher.over(kafka, "pneumonia", Clock.systemUTC());
    for (String run : List.of("run-1", "forgotten")) {
      Lineage lineage =
          Lineage.newBuilder()
              .setRunId(run)
              .setSnapshot(Map.of())
              .setTrainingScans(0)
              .setValidationScans(0)
              .setSeed(1)
              .setSettings(Map.of())
              .setCodeVersion("test")
              .build();
      models.publish(
          new Candidate(ModelWeights.initial(1), InputShape.SMALL, 1, ASSESSMENT, lineage),
          new Gate(GateMetric.AUROC, false),
          version -> ASSESSMENT);
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void drawsTheEpochsOfTheVersionsOwnRun() throws Exception {
    Path png = directory.resolve("curves.png");

    Execution execution = models("show", "1", "--png", png);

    assertThat(execution.status()).describedAs(execution.err()).isZero();
    assertThat(execution.outLines().stream().filter(line -> line.startsWith("epoch "))).hasSize(3);
    BufferedImage image = ImageIO.read(png.toFile());
    assertThat(image.getWidth()).isEqualTo(1600);
    assertThat(models("show", "1", "--json", "--png", png).json().get("version").asText())
        .isEqualTo("1");
  }

  @Test
  void runWhoseEpochsAreGoneCannotBeDrawn() {
    Path png = directory.resolve("none.png");

    Execution execution = models("show", "2", "--png", png);

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.errLines())
        .containsExactly("show: model pneumonia 2: no epochs of its run are kept");
    assertThat(png).doesNotExist();
  }

  private static Execution models(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("models"));
    all.addAll(List.of(arguments));
    all.addAll(
        List.of(
            "--bootstrap-servers",
            cluster.bootstrapServers(),
            "--schema-registry-url",
            cluster.registryUrl()));
    return Execution.of(all.toArray());
  }

  private static TrainingEpoch epoch(int number) {
    return TrainingEpoch.newBuilder()
        .setModelName("pneumonia")
        .setEpoch(number)
        .setEpochs(3)
        .setLoss(0.7)
        .setAccuracy(0.5)
        .setValidation(ASSESSMENT.validation().metrics().toRecord())
        .setLearningRate(1e-4)
        .setSeconds(1)
        .setAt(Instant.EPOCH)
        .build();
  }
}
