package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;

class PhantomCommandTest {
  @TempDir private Path folder;

  @Test
  void writesHalfOfThemAbnormalIntoASeparateFolder() throws IOException {
    Path out = folder.resolve("a");
    Execution execution = write(5, 40, out);

    assertThat(execution).isEqualTo(new Execution(0, "", ""));
    assertThat(files(out))
        .containsExactly(
            "abnormal/phantom-41.nii.gz",
            "abnormal/phantom-43.nii.gz",
            "normal/phantom-40.nii.gz",
            "normal/phantom-42.nii.gz",
            "normal/phantom-44.nii.gz");
  }

  @Test
  void writesScansOfTheRequestedSizeMarkedAsSynthetic() throws IOException {
    Path out = folder.resolve("a");
    write(2, 8, out);

    Path abnormal = out.resolve("abnormal/phantom-9.nii.gz");
    try (NiftiReader scan = NiftiReader.open(abnormal, ReadLimits.DEFAULT)) {
      NiftiHeader header = scan.header();
      assertThat(header.dims()).containsExactly(40, 32, 8);
      assertThat(header.description())
          .isEqualTo("synthetic chest CT, Pneumostream phantom, abnormal, seed 9");
    }
  }

  @Test
  void sameSeedGivesTheSameBytes() throws IOException {
    Path one = folder.resolve("one");
    Path again = folder.resolve("again");
    Path other = folder.resolve("other");
    write(2, 7, one);
    write(2, 7, again);
    write(2, 70, other);

    for (String name : files(one)) {
      assertThat(again.resolve(name)).hasSameBinaryContentAs(one.resolve(name));
    }
    assertThat(Files.readAllBytes(other.resolve("normal/phantom-70.nii.gz")))
        .isNotEqualTo(Files.readAllBytes(one.resolve("normal/phantom-7.nii.gz")));
  }

  @Test
  void wrongSizeWritesNothing() {
    Path out = folder.resolve("a");

    Execution execution =
        Execution.of("phantom", "--count", 1, "--seed", 1, "--out", out, "--size", "64x64");

    assertThat(execution.status()).isEqualTo(2);
    assertThat(execution.err())
        .startsWith("phantom: --size: size '64x64': expected WIDTHxHEIGHTxDEPTH");
    assertThat(out).doesNotExist();
  }

  private static Execution write(int count, long seed, Path out) {
    return Execution.of(
        "phantom", "--count", count, "--seed", seed, "--out", out, "--size", "40x32x8");
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
