package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.cli.Execution;
import org.pneumostream.cli.PredictCommandTest;

/** Errors of commands about unusable files. */
class FileErrorTest {
  private static final String NOT_A_SCAN =
      "sizeof_hdr is 74 65 78 74, expected 348 (NIfTI-1) or 540 (NIfTI-2), or a JNIfTI document";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"info", "preprocess", "montage", "predict", "bench preprocess"})
  void namesAMissingScan(String command) throws IOException {
    Path missing = folder.resolve("missing.nii.gz");

    assertFails(on(command, missing), command, missing + ": no such file or directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "preprocess", "montage", "predict", "bench preprocess"})
  void namesAFileThatIsNotAScan(String command) throws IOException {
    Path text = Files.writeString(folder.resolve("t.nii"), "text\n");

    assertFails(on(command, text), command, text + ": " + NOT_A_SCAN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "preprocess", "montage", "predict"})
  void namesACutOffScan(String command) throws IOException {
    byte[] scan = Files.readAllBytes(Execution.phantom(folder, "whole.nii.gz"));
    Path half = Files.write(folder.resolve("half.nii.gz"), Arrays.copyOf(scan, scan.length / 2));

    Execution execution = on(command, half);

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.errLines()).hasSize(1);
    assertThat(execution.err()).startsWith(command + ": " + half + ": ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "predict"})
  void namesADirectoryInPlaceOfAScan(String command) throws IOException {
    assertFails(on(command, folder), command, folder + ": Is a directory");
  }

  @Test
  void namesAFileThatIsNotAModel() throws IOException {
    Path scan = Execution.phantom(folder, "a.nii.gz");
    Path model = Files.writeString(folder.resolve("m.safetensors"), "text\n");

    Execution execution = Execution.of("predict", scan, "--model", model);

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.errLines()).hasSize(1);
    assertThat(execution.err()).startsWith("predict: " + model + ": ").hasLineCount(1);
  }

  @Test
  void namesAModelWithAnInvalidInputShape() throws IOException {
    Path scan = Execution.phantom(folder, "a.nii.gz");
    Path model = folder.resolve("m.safetensors");
    Files.write(model, PredictCommandTest.model("8x48x48").toSafetensors());

    assertFails(
        Execution.of("predict", scan, "--model", model),
        "predict",
        model + ": metadata input_shape: shape width 8: expected 46 to 512");
  }

  @Test
  void namesAMissingModel() throws IOException {
    Path scan = Execution.phantom(folder, "a.nii.gz");
    Path model = folder.resolve("m.safetensors");

    assertFails(
        Execution.of("predict", scan, "--model", model),
        "predict",
        model + ": no such file or directory");
  }

  @Test
  void namesAScanThatStopsFit() throws IOException {
    Files.createDirectories(folder.resolve("abnormal"));
    Path normal = Files.createDirectories(folder.resolve("normal"));
    Execution.phantom(folder.resolve("abnormal"), "a.nii.gz");
    Path text = Files.writeString(normal.resolve("t.nii"), "text\n");

    assertFails(
        Execution.of("fit", folder, "--out", folder.resolve("m.safetensors")),
        "fit",
        text + ": " + NOT_A_SCAN);
    assertThat(folder.resolve("m.safetensors")).doesNotExist();
  }

  @Test
  void missingClassStopsFit() throws IOException {
    Files.createDirectories(folder.resolve("normal"));
    Execution.phantom(folder.resolve("normal"), "a.nii.gz");

    assertFails(
        Execution.of("fit", folder, "--out", folder.resolve("m.safetensors")),
        "fit",
        folder.resolve("abnormal") + ": no such file or directory");
  }

  @Test
  void namesAnUnwritableOutput() throws IOException {
    Path scan = Execution.phantom(folder, "a.nii.gz");
    Path nowhere = folder.resolve("nowhere");

    for (String command : List.of("preprocess", "montage")) {
      Path out = nowhere.resolve("out");
      assertFails(
          Execution.of(command, scan, "--out", out), command, out + ": no such file or directory");
    }
    // Detected before the first scan is read, not after the last epoch.
    assertFails(
        Execution.of("fit", folder, "--out", nowhere.resolve("m.safetensors")),
        "fit",
        nowhere + ": no such file or directory");
    Path inTheWay = Files.createFile(folder.resolve("normal"));
    assertFails(
        Execution.of("phantom", "--count", 1, "--seed", 1, "--out", folder, "--size", "32x32x8"),
        "phantom",
        inTheWay + ": already exists");
  }

  @Test
  void verboseAddsTheStackTrace() throws IOException {
    Path text = Files.writeString(folder.resolve("t.nii"), "text\n");

    Execution execution = Execution.of("info", "--verbose", text);

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.errLines().get(0)).isEqualTo("info: " + text + ": " + NOT_A_SCAN);
    assertThat(execution.err())
        .contains("\tat org.pneumostream.offline.InfoCommand.call(")
        .contains("Caused by: org.pneumostream.jdata.InvalidDataException: ");
  }

  private Execution on(String command, Path scan) throws IOException {
    Path out = folder.resolve("out");
    return switch (command) {
      case "info" -> Execution.of("info", scan);
      case "bench preprocess" -> Execution.of("bench", "preprocess", scan);
      case "predict" -> {
        Path model = folder.resolve("m.safetensors");
        Files.write(model, ModelWeights.initial(1).toSafetensors());
        yield Execution.of("predict", scan, "--model", model);
      }
      default -> Execution.of(command, scan, "--out", out);
    };
  }

  private static void assertFails(Execution execution, String command, String message) {
    String name = command.substring(command.lastIndexOf(' ') + 1);
    assertThat(execution.errLines()).containsExactly(name + ": " + message);
    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.out()).isEmpty();
  }
}
