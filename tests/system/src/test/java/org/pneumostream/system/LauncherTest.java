package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with stubs for Java and Maven that print their arguments. */
class LauncherTest {
  @TempDir Path temp;
  private Path home;

  @BeforeEach
  void layOut() throws IOException {
    home = temp.resolve("a home");
    Files.createDirectories(home.resolve("apps/standalone/target"));
    Files.copy(Path.of("..", "..", "pneumostream"), home.resolve("pneumostream"));
    command("jdk/bin/java", "for argument; do echo \"$argument\"; done");
    command("bin/mvn", "exit 1");
    for (String missingOnMacOs : List.of("readlink", "sed")) {
      command(
          "bin/" + missingOnMacOs,
          "for argument; do case $argument in -f|-*u*)"
              + " echo \"illegal option\" >&2; exit 1;; esac; done\nexec /bin/"
              + missingOnMacOs
              + " \"$@\"");
    }
  }

  @Test
  void javaExitsOnOutOfMemory() throws Exception {
    build();

    assertThat(run(home.resolve("pneumostream"), "status"))
        .contains("-XX:+ExitOnOutOfMemoryError")
        .endsWith("org.pneumostream.cli.Pneumostream", "status");
  }

  /** Links may be chained, and readlink may lack the option -f. */
  @Test
  void findsItsHomeThroughLinks() throws Exception {
    build();
    Path link = temp.resolve("bin/pneumostream");
    Files.createSymbolicLink(link, Path.of("..", "second"));
    Files.createSymbolicLink(temp.resolve("second"), home.resolve("pneumostream"));

    assertThat(run(link)).contains("-Dpneumostream.home=" + home.toRealPath());
  }

  @Test
  void buildsFirstIfThereIsNothingToRun() throws Exception {
    command(
        "bin/mvn",
        "echo '[INFO] Scanning'\necho '[INFO] Building schemas 0.1.0'\n"
            + "touch '"
            + home
            + "/apps/standalone/target/pneumostream.jar'");

    assertThat(run(home.resolve("pneumostream"), "status"))
        .startsWith(
            "pneumostream: building, the first time with downloads; this takes a few minutes",
            "  schemas 0.1.0")
        .doesNotContain("[INFO] Scanning")
        .endsWith("status");
  }

  @Test
  void reportsWhyABuildFailed() throws Exception {
    command("bin/mvn", "echo '[INFO] Building schemas 0.1.0'\necho '[ERROR] no disk'\nexit 1");

    assertThat(run(home.resolve("pneumostream"), "status"))
        .containsExactly(
            "pneumostream: building, the first time with downloads; this takes a few minutes",
            "  schemas 0.1.0",
            "[ERROR] no disk",
            "pneumostream: the build failed; 'mvn verify' says more");
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws Exception {
    build();
    Path source = home.resolve("schemas/src/main/Any.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "");
    Files.setLastModifiedTime(
        home.resolve("apps/standalone/target/pneumostream.jar"), FileTime.fromMillis(0));

    assertThat(run(home.resolve("pneumostream")))
        .contains("pneumostream: the build failed; 'mvn verify' says more");
  }

  private void build() throws IOException {
    Files.createFile(home.resolve("apps/standalone/target/pneumostream.jar"));
  }

  private void command(String name, String script) throws IOException {
    Path file = temp.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/usr/bin/env bash\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private List<String> run(Path launcher, String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of("bash", launcher.toString()), Stream.of(arguments)).toList());
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_HOME", temp.resolve("jdk").toString());
    environment.put("PATH", temp.resolve("bin") + ":" + environment.get("PATH"));
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.lines().toList();
  }
}
