package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.Network;
import org.pneumostream.classifier.ShippedModel;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

public class PredictCommandTest {
  @TempDir private Path folder;
  private Path scan;
  private Path model;

  /** Untrained weights with metadata of their input. */
  public static ModelWeights model(String inputShape) {
    return ModelWeights.initial(1).withMetadata(Map.of("input_shape", inputShape));
  }

  private static ModelWeights model(String inputShape, Map<String, String> metadata) {
    return model(inputShape).withMetadata(metadata);
  }

  @BeforeEach
  void writeScanAndModel() throws IOException {
    scan = Execution.phantom(folder, "a.nii.gz");
    model = folder.resolve("m.safetensors");
    Files.write(model, model("48x48x48").toSafetensors());
  }

  @Test
  void jsonContainsTheNetworksOutput() throws IOException {
    JsonNode prediction = Execution.of("predict", scan, "--model", model, "--json").json();

    double abnormal = prediction.get("probabilityAbnormal").asDouble();
    assertThat(abnormal).isEqualTo(probability(OrientationPolicy.CANONICAL), within(1e-9));
    assertThat(prediction.get("probabilityNormal").asDouble())
        .isEqualTo(1 - abnormal, within(1e-12));
    assertThat(prediction.get("finding").asText())
        .isEqualTo(abnormal >= 0.5 ? "ABNORMAL" : "NORMAL");
    assertThat(prediction.get("file").asText()).isEqualTo("a.nii.gz");
    assertThat(prediction.get("scanId"))
        .isEqualTo(Execution.of("info", scan, "--json").json().get("scanId"));
    assertThat(prediction.get("warnings").isArray()).isTrue();
  }

  @Test
  void findingIsTheMoreProbableOne() throws IOException {
    Files.write(model, untrained(50f));
    assertThat(Execution.of("predict", scan, "--model", model, "--json").json().get("finding"))
        .hasToString("\"ABNORMAL\"");

    Files.write(model, untrained(-50f));
    assertThat(Execution.of("predict", scan, "--model", model, "--json").json().get("finding"))
        .hasToString("\"NORMAL\"");
  }

  @Test
  void modelVersionIsTheNumberOrTheStartOfTheHash() throws IOException {
    JsonNode unnumbered = Execution.of("predict", scan, "--model", model, "--json").json();
    assertThat(unnumbered.get("modelVersion").asText())
        .hasSize(12)
        .isEqualTo(ModelWeights.hash(Files.readAllBytes(model)).substring(0, 12));

    Files.write(
        model, model("48x48x48").withMetadata(Map.of("model_version", "7")).toSafetensors());
    JsonNode numbered = Execution.of("predict", scan, "--model", model, "--json").json();
    assertThat(numbered.get("modelVersion").asText()).isEqualTo("7");
  }

  @Test
  void usesTheRequestedOrientation() throws IOException {
    JsonNode prediction =
        Execution.of("predict", scan, "--model", model, "--json", "--orientation", "as-stored")
            .json();

    assertThat(prediction.get("probabilityAbnormal").asDouble())
        .isEqualTo(probability(OrientationPolicy.AS_STORED), within(1e-9))
        .isNotEqualTo(probability(OrientationPolicy.CANONICAL));
  }

  @Test
  void usesTheModelsOrientationByDefault() throws IOException {
    Files.write(model, model("48x48x48", Map.of("orientation", "as-stored")).toSafetensors());

    Execution unasked = Execution.of("predict", scan, "--model", model, "--json");
    assertThat(unasked.json().get("probabilityAbnormal").asDouble())
        .isEqualTo(probability(OrientationPolicy.AS_STORED), within(1e-9));
    assertThat(unasked.err()).isEmpty();

    Execution asked =
        Execution.of("predict", scan, "--model", model, "--json", "--orientation", "canonical");
    assertThat(asked.json().get("probabilityAbnormal").asDouble())
        .isEqualTo(probability(OrientationPolicy.CANONICAL), within(1e-9));
    assertThat(asked.errLines())
        .containsExactly(
            "predict: warning: --orientation canonical, but the model was trained on as-stored"
                + " scans");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          preprocessing_version | 2        | preprocessing_version: '2', expected 1
          orientation           | sideways | orientation: orientation 'sideways': expected canonical or as-stored
          """)
  void refusesUnsupportedMetadata(String key, String value, String message) throws IOException {
    Files.write(model, model("48x48x48", Map.of(key, value)).toSafetensors());

    Execution execution = Execution.of("predict", scan, "--model", model);

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.errLines()).containsExactly("predict: " + model + ": metadata " + message);
    assertThat(execution.out()).isEmpty();
  }

  @Test
  void warnsAboutAModelTrainedOnSyntheticScans() throws IOException {
    Files.write(model, model("48x48x48", Map.of("synthetic", "400 phantoms")).toSafetensors());

    JsonNode prediction = Execution.of("predict", scan, "--model", model, "--json").json();
    assertThat(prediction.get("warnings"))
        .last()
        .hasToString("\"model trained on synthetic scans\"");
    assertThat(Execution.of("predict", scan, "--model", model).outLines())
        .contains("Warning: model trained on synthetic scans");
  }

  @Test
  void textEndsWithTheReferencesSentencesForEveryScan() throws IOException {
    Files.write(
        model, model("48x48x48").withMetadata(Map.of("model_version", "7")).toSafetensors());
    Path other = Execution.phantom(folder, "b.nii");
    double abnormal = 100 * probability(OrientationPolicy.CANONICAL);
    String normalLine =
        String.format(
            Locale.ROOT,
            "This model is %.2f percent confident that CT scan is normal",
            100 - abnormal);
    String abnormalLine =
        String.format(
            Locale.ROOT, "This model is %.2f percent confident that CT scan is abnormal", abnormal);

    Execution execution = Execution.of("predict", scan, other, "--model", model);

    assertThat(execution.status()).isZero();
    assertThat(execution.outLines())
        .containsExactly(
            "a.nii.gz, model 7. For research use, not a medical device.",
            normalLine,
            abnormalLine,
            "b.nii, model 7. For research use, not a medical device.",
            normalLine,
            abnormalLine);
  }

  @Test
  void usesTheShippedModelByDefault() throws IOException {
    JsonNode prediction = Execution.of("predict", scan, "--json").json();

    Files.write(model, ShippedModel.weights().toSafetensors());
    assertThat(prediction)
        .isEqualTo(Execution.of("predict", scan, "--model", model, "--json").json());
    assertThat(ShippedModel.weights().metadata())
        .containsKeys("orientation", "preprocessing_version", "synthetic")
        .containsEntry("input_shape", "128x128x64");
  }

  /** A safetensors file whose last bias determines the finding, whatever the scan. */
  private static byte[] untrained(float lastBias) throws IOException {
    byte[] file = model("48x48x48").toSafetensors();
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int headerBytes = (int) bytes.getLong(0);
    JsonNode header = new ObjectMapper().readTree(file, Long.BYTES, headerBytes);
    int bias = header.at("/dense2.bias/data_offsets/0").asInt();
    bytes.putFloat(Long.BYTES + headerBytes + bias, lastBias);
    return file;
  }

  private double probability(OrientationPolicy orientation) throws IOException {
    Preprocessing preprocessing = new Preprocessing(new InputShape(48, 48, 48), orientation);
    try (NiftiReader reader = NiftiReader.open(scan, ReadLimits.DEFAULT);
        Network network = Network.load(ModelWeights.initial(1), InputShape.SMALL)) {
      return network.probabilities(List.of(preprocessing.apply(reader).voxels()))[0];
    }
  }
}
