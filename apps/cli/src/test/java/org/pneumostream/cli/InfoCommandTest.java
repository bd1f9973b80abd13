package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.phantom.Phantom;
import org.pneumostream.phantom.PhantomFinding;
import org.pneumostream.phantom.PhantomSize;

class InfoCommandTest {
  private final Phantom phantom =
      Phantom.generate(5, PhantomFinding.NORMAL, new PhantomSize(64, 60, 40));

  @TempDir private Path folder;

  @Test
  void jsonContainsTheHeader() throws IOException {
    JsonNode info = info();

    assertThat(info.get("format").asText()).isEqualTo("NIFTI1");
    assertThat(info.get("shape")).extracting(JsonNode::asInt).containsExactly(64, 60, 40);
    double[] spacing = phantom.header().spacingMm();
    assertThat(info.get("spacingMm"))
        .extracting(JsonNode::asDouble)
        .containsExactly(spacing[0], spacing[1], spacing[2]);
    assertThat(info.get("orientation").asText()).isEqualTo("LPS");
    assertThat(info.get("datatype").asText()).isEqualTo("int16");
    assertThat(info.get("slope").asDouble()).isEqualTo(1.0);
    assertThat(info.get("intercept").asDouble()).isZero();
    assertThat(info.get("description").asText())
        .isEqualTo("synthetic chest CT, Pneumostream phantom, normal, seed 5");
    assertThat(info.get("warnings").isArray()).isTrue();
    assertThat(info.get("warnings")).isEmpty();
  }

  @Test
  void jsonContainsTheRangeOfTheVoxels() throws IOException {
    JsonNode info = info();

    short[] voxels = phantom.voxels();
    var hu = IntStream.range(0, voxels.length).map(i -> voxels[i]).summaryStatistics();
    assertThat(info.get("min").asDouble()).isEqualTo(hu.getMin());
    assertThat(info.get("max").asDouble()).isEqualTo(hu.getMax());
    assertThat(info.get("mean").asDouble()).isEqualTo(hu.getAverage(), within(1e-9));
  }

  @Test
  void scanIdIsTheHashOfTheUncompressedBytes() throws Exception {
    ByteArrayOutputStream uncompressed = new ByteArrayOutputStream();
    phantom.writeTo(uncompressed);
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(uncompressed.toByteArray());

    assertThat(info().get("scanId").asText()).isEqualTo(HexFormat.of().formatHex(sha256));
    Path plain = Files.write(folder.resolve("p.nii"), uncompressed.toByteArray());
    assertThat(Execution.of("info", plain, "--json").json()).isEqualTo(info());
  }

  @Test
  void slopeAndInterceptScaleTheRange() throws IOException {
    Path scaled = folder.resolve("scaled.nii");
    FewVoxels.write(scaled, new float[] {-3, 0, 1, 6}, 2f, 10f);

    JsonNode info = Execution.of("info", scaled, "--json").json();

    assertThat(info.get("slope").asDouble()).isEqualTo(2.0);
    assertThat(info.get("intercept").asDouble()).isEqualTo(10.0);
    assertThat(info.get("min").asDouble()).isEqualTo(4.0);
    assertThat(info.get("max").asDouble()).isEqualTo(22.0);
    assertThat(info.get("mean").asDouble()).isEqualTo(12.0);
    assertThat(info.get("datatype").asText()).isEqualTo("float32");
    assertThat(info.get("warnings")).isNotEmpty();
  }

  @Test
  void rangeIgnoresNonFiniteValues() throws IOException {
    Path some = folder.resolve("some.nii");
    FewVoxels.write(some, new float[] {Float.NaN, 4, 8, Float.POSITIVE_INFINITY}, 1f, 0f);
    Path none = folder.resolve("none.nii");
    FewVoxels.write(none, new float[] {Float.NaN, Float.NaN, Float.NaN, Float.NaN}, 1f, 0f);

    JsonNode info = Execution.of("info", some, "--json").json();
    assertThat(info.get("min").asDouble()).isEqualTo(4.0);
    assertThat(info.get("max").asDouble()).isEqualTo(8.0);
    assertThat(info.get("mean").asDouble()).isEqualTo(6.0);
    JsonNode nothing = Execution.of("info", none, "--json").json();
    assertThat(nothing.get("min").isNull()).isTrue();
    assertThat(nothing.get("max").isNull()).isTrue();
    assertThat(nothing.get("mean").isNull()).isTrue();
    assertThat(Execution.of("info", none).status()).isZero();
  }

  @Test
  void textHasLineForEachFieldOfTheJson() throws IOException {
    Execution text = Execution.of("info", write());

    assertThat(text.status()).isZero();
    assertThat(text.outLines())
        .extracting(line -> line.split(" +", 2)[0])
        .containsExactly(
            "format",
            "shape",
            "spacingMm",
            "orientation",
            "datatype",
            "slope",
            "intercept",
            "min",
            "max",
            "mean",
            "description",
            "scanId",
            "warnings");
    assertThat(text.out()).contains("shape        [64, 60, 40]");
  }

  private JsonNode info() throws IOException {
    Execution execution = Execution.of("info", write(), "--json");
    assertThat(execution.status()).isZero();
    assertThat(execution.err()).isEmpty();
    return execution.json();
  }

  private Path write() throws IOException {
    Path file = folder.resolve("p.nii.gz");
    phantom.writeTo(file);
    return file;
  }
}
