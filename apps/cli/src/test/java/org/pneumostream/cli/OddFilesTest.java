package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.terminal.AvroJson;

/** Files that hang, are damaged, or have deceptive names. */
class OddFilesTest {
  private static final String NAME = "a\nok\u001b[31m\u009b2J\u202e.nii";
  private static final String PRINTABLE_NAME = "a\uFFFDok\uFFFD[31m\uFFFD2J\uFFFD.nii";

  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = folder.resolve("m.safetensors");
    Files.write(model, PredictCommandTest.model("48x48x48").toSafetensors());
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "preprocess", "montage", "predict"})
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void refusesAPipe(String command) throws Exception {
    Path pipe = pipe("p.nii");

    Execution execution = on(command, pipe);

    assertThat(execution.errLines())
        .containsExactly(command + ": " + pipe + ": not a regular file");
    assertThat(execution.status()).isEqualTo(1);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void refusesAPipeAsModel() throws Exception {
    Path pipe = pipe("m2.safetensors");

    assertThat(
            Execution.of("predict", Execution.phantom(folder, "a.nii"), "--model", pipe).errLines())
        .containsExactly("predict: " + pipe + ": not a regular file");
  }

  @Test
  void refusesADevice() throws IOException {
    Path device = Path.of("/dev/zero");
    assumeThat(device).exists();

    assertThat(on("predict", device).errLines())
        .containsExactly("predict: /dev/zero: not a regular file");
  }

  @Test
  void predictContinuesAfterAnUnusableFile() throws IOException {
    Path good = Execution.phantom(folder, "good.nii");
    Path missing = folder.resolve("missing.nii");
    Path text = Files.writeString(folder.resolve("t.nii"), "text\n");

    Execution execution = Execution.of("predict", missing, text, good, "--model", model, "--json");

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.errLines()).hasSize(2);
    assertThat(execution.errLines().get(0))
        .isEqualTo("predict: " + missing + ": no such file or directory");
    assertThat(execution.errLines().get(1)).startsWith("predict: " + text + ": sizeof_hdr is ");
    assertThat(execution.json().get("file").asText()).isEqualTo("good.nii");
  }

  @Test
  void fitReportsEveryUnusableScan() throws IOException {
    Path normal = Files.createDirectories(folder.resolve("normal"));
    Path abnormal = Files.createDirectories(folder.resolve("abnormal"));
    Files.writeString(normal.resolve("a.nii"), "text\n");
    Files.writeString(abnormal.resolve("b.nii"), "text\n");
    Execution.phantom(abnormal, "good.nii");
    Path out = folder.resolve("fitted.safetensors");

    Execution execution = Execution.of("fit", folder, "--out", out);

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.errLines()).hasSize(2);
    assertThat(execution.errLines().get(0)).startsWith("fit: " + normal.resolve("a.nii") + ": ");
    assertThat(execution.errLines().get(1)).startsWith("fit: " + abnormal.resolve("b.nii") + ": ");
    assertThat(out).doesNotExist();
  }

  @Test
  void namesAreMadePrintable() throws IOException {
    Path odd = Execution.phantom(folder, NAME);

    Execution text = Execution.of("predict", odd, "--model", model);
    assertThat(text.outLines().get(0)).startsWith(PRINTABLE_NAME + ", model ");
    assertThat(text.outLines()).hasSize(3);

    Execution json = Execution.of("predict", odd, "--model", model, "--json");
    assertThat(json.out()).doesNotContain("\u001b", "\u009b", "\u202e");
    assertThat(json.json().get("file").asText()).isEqualTo(NAME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "preprocess", "montage", "predict"})
  void namesInErrorsAreMadePrintable(String command) throws IOException {
    Path text = Files.writeString(folder.resolve(NAME), "text\n");

    assertThat(on(command, text).errLines())
        .singleElement()
        .asString()
        .startsWith(command + ": " + folder + "/" + PRINTABLE_NAME + ": ");
    assertThat(on(command, folder.resolve("no" + NAME)).errLines())
        .containsExactly(
            command + ": " + folder + "/no" + PRINTABLE_NAME + ": no such file or directory");
    assertThat(Execution.of("info", "--no\u001b\nopt", text).errLines()).hasSize(1);
  }

  @Test
  void textOfTheHeaderIsMadePrintable() throws IOException {
    Path odd = Execution.phantom(folder, "a.nii");
    byte[] scan = Files.readAllBytes(odd);
    byte[] text = "evil\nscanId  0\u001b[2J\0".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, scan, 148, text.length);
    Files.write(odd, scan);

    Execution info = Execution.of("info", odd);

    assertThat(info.outLines()).contains("description  evil\uFFFDscanId  0\uFFFD[2J");
    assertThat(info.out()).doesNotContain("\u001b");
  }

  @Test
  void damagedOrientationAlwaysGivesAWarning() throws IOException {
    Path sound = Execution.phantom(folder, "a.nii");
    JsonNode before = Execution.of("predict", sound, "--model", model, "--json").json();
    Path damaged = folder.resolve("d.nii");
    ByteBuffer scan = ByteBuffer.wrap(Files.readAllBytes(sound)).order(ByteOrder.LITTLE_ENDIAN);
    for (int offset = 280; offset < 328; offset += Float.BYTES) {
      scan.putFloat(offset, Float.NaN);
    }
    Files.write(damaged, scan.array());

    Execution refused = Execution.of("predict", damaged, "--model", model, "--json");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.errLines())
        .containsExactly(
            "predict: "
                + damaged
                + ": the orientation is unknown: srow_x[0] is NaN, expected a finite number;"
                + " repair the header, or set orientation to as-stored");
    assertThat(Execution.of("info", damaged, "--json").json().get("warnings").toString())
        .contains("srow_x[0] is NaN, expected a finite number");

    // A half turn about z, as in the sform.
    scan.putShort(252, (short) 1).putFloat(256, 0).putFloat(260, 0).putFloat(264, 1);
    Files.write(damaged, scan.array());
    JsonNode after = Execution.of("predict", damaged, "--model", model, "--json").json();
    assertThat(after.get("probabilityAbnormal")).isEqualTo(before.get("probabilityAbnormal"));
    assertThat(after.get("warnings").toString())
        .contains("srow_x[0] is NaN, expected a finite number; the qform is taken");
  }

  @Test
  void refusesAScanWithoutFiniteValuesAndInfoSaysSo() throws IOException {
    Path none = folder.resolve("none.nii");
    FewVoxels.write(none, new float[] {Float.NaN, Float.NaN, Float.NaN, Float.NaN}, 1f, 0f);
    String reason = "share of voxels that are NaN or infinite is 100.0 %";

    assertThat(on("predict", none).errLines())
        .singleElement()
        .asString()
        .startsWith("predict: " + none + ": " + reason);
    assertThat(Execution.of("info", none, "--json").json().get("warnings").toString())
        .contains(reason);
  }

  @Test
  void jsonPreservesOddText() throws IOException {
    String line = AvroJson.line(Map.of("a", NAME));

    assertThat(line).doesNotContain("\u009b", "\u202e", "\u001b");
    assertThat(new ObjectMapper().readTree(line).get("a").asText()).isEqualTo(NAME);
  }

  private Execution on(String command, Path scan) {
    return switch (command) {
      case "info" -> Execution.of("info", scan);
      case "predict" -> Execution.of("predict", scan, "--model", model);
      default -> Execution.of(command, scan, "--out", folder.resolve("out"));
    };
  }

  private Path pipe(String name) throws IOException, InterruptedException {
    Path pipe = folder.resolve(name);
    Process made = new ProcessBuilder(List.of("mkfifo", pipe.toString())).inheritIO().start();
    assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(made.exitValue()).isZero();
    return pipe;
  }
}
