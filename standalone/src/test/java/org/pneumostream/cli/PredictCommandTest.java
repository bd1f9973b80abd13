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
import org.pneumostream.classifier.InputShape;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.Network;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.preprocess.OrientationPolicy;
import org.pneumostream.preprocess.Preprocessing;
import org.pneumostream.preprocess.VolumeShape;

class PredictCommandTest {
  @TempDir private Path folder;
  private Path scan;
  private Path model;

  /** Weights before training whose metadata tells what they take. */
  static ModelWeights model(String inputShape) {
    return ModelWeights.initial(1).withMetadata(Map.of("input_shape", inputShape));
  }

  @BeforeEach
  void writeScanAndModel() throws IOException {
    scan = Execution.phantom(folder, "a.nii.gz");
    model = folder.resolve("m.safetensors");
    Files.write(model, model("48x48x48").toSafetensors());
  }

  @Test
  void jsonHasWhatTheNetworkSays() throws IOException {
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
  void findingIsTheLikelierOne() throws IOException {
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
  void orientationIsTheOneAskedFor() throws IOException {
    JsonNode prediction =
        Execution.of("predict", scan, "--model", model, "--json", "--orientation", "as-stored")
            .json();

    assertThat(prediction.get("probabilityAbnormal").asDouble())
        .isEqualTo(probability(OrientationPolicy.AS_STORED), within(1e-9))
        .isNotEqualTo(probability(OrientationPolicy.CANONICAL));
  }

  @Test
  void textIsSentenceThatSaysWhatItIsNotForEveryScan() throws IOException {
    Path other = Execution.phantom(folder, "b.nii");
    double abnormal = 100 * probability(OrientationPolicy.CANONICAL);

    Execution execution = Execution.of("predict", scan, other, "--model", model);

    assertThat(execution.status()).isZero();
    assertThat(execution.outLines()).hasSize(2);
    assertThat(execution.outLines().get(0))
        .isEqualTo(
            String.format(
                Locale.ROOT,
                "a.nii.gz: this model is %.2f percent confident that the CT scan is normal, and"
                    + " %.2f percent that it is abnormal."
                    + " For research use, not a medical device.",
                100 - abnormal,
                abnormal));
    assertThat(execution.outLines().get(1))
        .startsWith("b.nii: ")
        .contains("For research use, not a medical device.");
  }

  /** A safetensors file whose last bias leaves no doubt, whatever the scan. */
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
    Preprocessing preprocessing = new Preprocessing(new VolumeShape(48, 48, 48), orientation);
    try (NiftiReader reader = NiftiReader.open(scan, ReadLimits.DEFAULT);
        Network network = Network.load(ModelWeights.initial(1), InputShape.SMALL)) {
      return network.probabilities(List.of(preprocessing.apply(reader).voxels()))[0];
    }
  }
}
