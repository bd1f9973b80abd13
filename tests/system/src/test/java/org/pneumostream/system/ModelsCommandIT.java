package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.bench.UntrainedModel;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.cli.Execution;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.schemas.ModelMetrics;
import org.pneumostream.schemas.TrainingEpoch;
import org.pneumostream.settings.Settings;
import org.pneumostream.trainer.ModelPublisher;
import org.pneumostream.volume.InputShape;

/** {@code models show} and the run of a version. */
class ModelsCommandIT extends OnEmbeddedCluster {
  @TempDir static Path directory;

  @BeforeAll
  static void publish() throws Exception {
    KafkaConnection kafka =
        KafkaSettings.connection(Settings.of(AllSettings.ALL, cluster.settings()));
    try (Admin admin = kafka.admin();
        Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      kafka.topics().createMissing(admin);
      for (String run : List.of("untrained-1", "another")) {
        for (int epoch = 1; epoch <= 3; epoch++) {
          producer.send(kafka.topics().trainingEpochs().record(run, epoch(epoch))).get();
        }
      }
    }
    ModelPublisher models = ModelPublisher.over(kafka, "pneumonia", Clock.systemUTC());
    for (int seed : List.of(1, 2)) {
      UntrainedModel.publish(models, InputShape.SMALL, seed);
    }
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
  void cannotDrawARunWhoseEpochsHaveExpired() {
    Path png = directory.resolve("none.png");

    Execution execution = models("show", "2", "--png", png);

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.errLines())
        .containsExactly(
            "show: model pneumonia 2: the epochs of its run have expired or never existed");
    assertThat(png).doesNotExist();
  }

  private static Execution models(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("models"));
    all.addAll(List.of(arguments));
    return Terminal.run(cluster.settings(), all.toArray());
  }

  private static TrainingEpoch epoch(int number) {
    return TrainingEpoch.newBuilder()
        .setModelName("pneumonia")
        .setEpoch(number)
        .setEpochs(3)
        .setLoss(0.7)
        .setAccuracy(0.5)
        .setValidation(new ModelMetrics(2, 0.7, 0.5, 0.5, 0.5, 0.5))
        .setLearningRate(1e-4)
        .setSeconds(1)
        .setAt(Instant.EPOCH)
        .build();
  }
}
