package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.cli.Execution;

class WrongUsageTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nosuch                                 | pneumostream: Unmatched argument at index 0: 'nosuch'; see pneumostream --help
          info --nosuch a.nii                    | info: Unknown option: '--nosuch'; see pneumostream info --help
          info                                   | info: Missing required parameter: 'FILE'; see pneumostream info --help
          predict --model m                      | predict: Missing required parameter: 'FILE'; see pneumostream predict --help
          predict a.nii --model m --orientation x | predict: --orientation: orientation 'x': expected canonical or as-stored; see pneumostream predict --help
          preprocess a.nii --out v --shape 1x2   | preprocess: --shape: shape '1x2': expected WIDTHxHEIGHTxDEPTH such as 128x128x64; see pneumostream preprocess --help
          montage a.nii --out m --slices 0       | montage: --slices: 0, expected 1 to 400; see pneumostream montage --help
          montage a.nii --out m --slices ten     | montage: Invalid value for option '--slices': 'ten' is not an int; see pneumostream montage --help
          phantom --count 0 --seed 1 --out d     | phantom: --count: 0, expected at least 1; see pneumostream phantom --help
          phantom --count 1 --seed 1 --out d --size 16x64x64 | phantom: --size: size width 16: expected 32 to 1024; see pneumostream phantom --help
          dead-letters retry                     | retry: expected N or --all; see pneumostream dead-letters retry --help
          dead-letters retry 3 --all             | retry: N and --all exclude each other; see pneumostream dead-letters retry --help
          dead-letters retry 3 --stage scorer    | retry: --stage and --error need --all; see pneumostream dead-letters retry --help
          erase 0123                             | erase: scan id: '0123', expected 64 lowercase hex digits; see pneumostream erase --help
          bench preprocess --runs 0              | preprocess: --runs: 0, expected at least 1; see pneumostream bench preprocess --help
          bench score --runs 0                   | score: --runs: 0, expected at least 1; see pneumostream bench score --help
          bench flush --runs 0                   | flush: --runs: 0, expected at least 1; see pneumostream bench flush --help
          bench train --shape 1x2                | train: --shape: shape '1x2': expected WIDTHxHEIGHTxDEPTH such as 128x128x64; see pneumostream bench train --help
          bench swap --swaps 0                   | swap: --swaps: 0, expected at least 1; see pneumostream bench swap --help
          bench stream --size 16x64x64           | stream: --size: size width 16: expected 32 to 1024; see pneumostream bench stream --help
          publish a.nii --label sick             | publish: --label: 'sick', expected normal or abnormal; see pneumostream publish --help
          """)
  void exitsWithStatus2AndOneLine(String arguments, String message) {
    Execution execution = Execution.of((Object[]) arguments.split(" "));

    assertThat(execution.errLines()).containsExactly(message);
    assertThat(execution.status()).isEqualTo(2);
    assertThat(execution.out()).isEmpty();
  }

  @Test
  void reportsAMissingCommand() {
    Execution execution = Execution.of();

    assertThat(execution.status()).isEqualTo(2);
    assertThat(execution.errLines())
        .containsExactly("pneumostream: Missing required subcommand; see pneumostream --help");
  }

  @Test
  void namesAnUnknownSetting() {
    Execution execution =
        Execution.of(
            "fit", folder, "--out", folder.resolve("m.safetensors"), "--set", "train-epoch=3");

    assertThat(execution.status()).isEqualTo(2);
    assertThat(execution.errLines()).containsExactly("fit: unknown setting 'train-epoch'");
  }

  @Test
  void namesASettingOutOfRangeWithTheExpectation() {
    Execution execution =
        Execution.of("fit", folder, "--out", folder.resolve("m.safetensors"), "--epochs", 0);

    assertThat(execution.status()).isEqualTo(2);
    assertThat(execution.errLines())
        .containsExactly("fit: train-epochs: '0', expected a whole number from 1 to 100000");
  }

  @Test
  void namesAnUnknownSettingInAFile() throws Exception {
    Path config = Files.writeString(folder.resolve("p.properties"), "tarin-seed=3\n");

    Execution execution =
        Execution.of("fit", folder, "--out", folder.resolve("m.safetensors"), "--config", config);

    assertThat(execution.status()).isEqualTo(2);
    assertThat(execution.errLines()).containsExactly("fit: unknown setting 'tarin-seed'");
  }
}
