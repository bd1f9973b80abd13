package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.SplitKey;
import org.pneumostream.training.LearnedSplit;
import org.pneumostream.training.Split;

class FitCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SCANS = 8;

  @TempDir private Path folder;
  private Path scans;

  @BeforeEach
  void writePhantoms() {
    scans = folder.resolve("scans");
    Execution phantoms =
        Execution.of(
            "phantom", "--count", SCANS, "--seed", 1, "--out", scans, "--size", "48x48x48");
    assertThat(phantoms.status()).isZero();
  }

  @Test
  void sameSeedGivesTheSameModelAndPredictReadsIt() throws IOException {
    Path model = folder.resolve("m.safetensors");
    List<JsonNode> lines = fit(model, 3);

    assertThat(lines).hasSize(3);
    for (int epoch = 1; epoch <= 2; epoch++) {
      JsonNode line = lines.get(epoch - 1);
      assertThat(line.get("epoch").asInt()).isEqualTo(epoch);
      assertThat(line.get("loss").asDouble()).isPositive().isFinite();
      assertThat(line.get("validationLoss").asDouble()).isPositive().isFinite();
      assertThat(line.get("accuracy").asDouble()).isBetween(0.0, 1.0);
      assertThat(line.get("validationAccuracy").asDouble()).isBetween(0.0, 1.0);
      assertThat(line.get("seconds").asDouble()).isPositive();
    }
    JsonNode last = lines.get(2);
    int likelier =
        lines.get(0).get("validationLoss").asDouble()
                <= lines.get(1).get("validationLoss").asDouble()
            ? 1
            : 2;
    assertThat(last.get("bestEpoch").asInt()).isEqualTo(likelier);
    assertThat(last.at("/validation/loss").asDouble())
        .isEqualTo(lines.get(likelier - 1).get("validationLoss").asDouble(), within(1e-4));
    assertThat(last.at("/validation/histogramAccuracy").asDouble()).isBetween(0.0, 1.0);
    byte[] file = Files.readAllBytes(model);
    assertThat(last.get("sha256").asText()).isEqualTo(ModelWeights.hash(file));

    ModelWeights weights = ModelWeights.fromSafetensors(file);
    assertThat(weights.metadata())
        .containsEntry("input_shape", "48x48x48")
        .containsEntry("orientation", "canonical")
        .containsEntry("preprocessing_version", "1")
        .containsEntry("train-seed", "3")
        .containsEntry("holdout-fraction", "0.1")
        .containsEntry("synthetic", "8 of 8 scans");
    LearnedSplit learned = LearnedSplit.of(weights).get(0);
    assertThat(LearnedSplit.of(weights)).hasSize(1);
    assertThat(learned.by()).isEqualTo(SplitKey.SCAN);
    assertThat(learned.split()).isEqualTo(new Split(0.3, 0.1, learned.split().draw()));
    assertThat(Integer.parseInt(weights.metadata().get("training_scans"))).isBetween(2, SCANS - 1);
    assertThat(weights.tensor("block1.conv.weight"))
        .isNotEqualTo(ModelWeights.initial(3).tensor("block1.conv.weight"));

    Path again = folder.resolve("again.safetensors");
    fit(again, 3);
    assertThat(again).hasSameBinaryContentAs(model);
    Path scan = scans.resolve("normal/phantom-1.nii.gz");
    JsonNode prediction = Execution.of("predict", scan, "--model", model, "--json").json();
    assertThat(prediction.get("modelVersion").asText())
        .isEqualTo(last.get("sha256").asText().substring(0, 12));
  }

  @Test
  void refusesATooSmallSetBeforeTraining() {
    Path model = folder.resolve("m.safetensors");

    Execution execution =
        Execution.of("fit", scans, "--out", model, "--set", "input-shape=48x48x48");

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.errLines()).hasSize(1);
    assertThat(execution.err())
        .matches(
            "(?s)fit: training scans: \\d normal and \\d abnormal,"
                + " expected at least 5 of each: \\d normal and \\d abnormal missing\\R");
    assertThat(model).doesNotExist();
  }

  @Test
  void everySideHasBothClasses() throws IOException {
    JsonNode last = fit(folder.resolve("m.safetensors"), 3).get(2);

    assertThat(last.at("/validation/scans").asInt()).isEqualTo(2);
    assertThat(last.at("/validation/auroc").isNumber()).isTrue();
  }

  @Test
  void reportsHoldoutBesideTheHistogramBaseline() throws IOException {
    Path model = folder.resolve("m.safetensors");
    List<JsonNode> lines =
        fit(model, 3, "--set", "holdout-fraction=0.3", "--set", "train-validation-fraction=0.3");

    JsonNode last = lines.get(lines.size() - 1);
    for (String subset : List.of("validation", "holdout")) {
      JsonNode figures = last.get(subset);
      assertThat(figures.get("scans").asInt()).isPositive();
      assertThat(figures.get("accuracy").asDouble()).isBetween(0.0, 1.0);
      assertThat(figures.get("histogramAccuracy").asDouble()).isBetween(0.0, 1.0);
    }
    int trainedOn =
        Integer.parseInt(
            ModelWeights.fromSafetensors(Files.readAllBytes(model))
                .metadata()
                .get("training_scans"));
    assertThat(trainedOn + last.at("/validation/scans").asInt() + last.at("/holdout/scans").asInt())
        .isEqualTo(SCANS);
  }

  @Test
  void drawsTheEpochs() throws IOException {
    Path png = folder.resolve("curves.png");

    fit(folder.resolve("m.safetensors"), 3, "--png", png);

    assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(1600);
  }

  private List<JsonNode> fit(Path model, long seed, Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(List.of("fit", scans, "--out", model, "--epochs", 2, "--seed", seed));
    arguments.addAll(List.of("--json", "--set", "input-shape=48x48x48"));
    arguments.addAll(List.of("--set", "train-min-scans-per-class=1"));
    arguments.addAll(List.of(more));
    Execution execution = Execution.of(arguments.toArray());
    assertThat(execution.err()).isEmpty();
    assertThat(execution.status()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : execution.outLines()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
