package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.Execution;

/** {@code publish} of files that hang, are damaged, or have deceptive names. */
class PublishCommandIT extends OnEmbeddedCluster {
  @TempDir static Path directory;

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void reportsEachUnusableFileAndContinues() throws Exception {
    Path pipe = directory.resolve("p.nii");
    Process made = new ProcessBuilder(List.of("mkfifo", pipe.toString())).inheritIO().start();
    assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Path missing = directory.resolve("missing.nii");
    Path text = Files.writeString(directory.resolve("t\u001b\n.nii"), "text\n");
    Path good = Execution.phantom(directory, "good\n\u001b[2J.nii");

    Execution execution = publish(missing, pipe, text, good);

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.outLines())
        .singleElement()
        .asString()
        .endsWith("  good\uFFFD\uFFFD[2J.nii");
    assertThat(execution.errLines())
        .filteredOn(line -> !line.startsWith("publish: there is no champion yet"))
        .hasSize(3)
        .contains(
            "publish: " + missing + ": no such file or directory",
            "publish: " + pipe + ": not a regular file")
        .anyMatch(line -> line.startsWith("publish: t\uFFFD\uFFFD.nii: not a scan: "));
  }

  private static Execution publish(Path... files) {
    List<Object> arguments = new ArrayList<>(List.of("publish"));
    arguments.addAll(List.of(files));
    arguments.addAll(List.of("--data-dir", directory.resolve("data")));
    return Terminal.run(cluster.settings(), arguments.toArray());
  }
}
