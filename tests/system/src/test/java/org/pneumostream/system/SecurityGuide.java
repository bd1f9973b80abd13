package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kafka.admin.ConfigCommand;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.tools.AclCommand;
import org.pneumostream.cli.Execution;

/**
 * The commands of docs/security.md. Bash runs them unchanged. Calls of Kafka's tools and of
 * Pneumostream are recorded, and {@link #run} executes them in this JVM with the same classes,
 * since some thirty JVMs would take minutes.
 */
final class SecurityGuide {
  private static final Path DOCUMENT = Path.of("..", "..", "docs", "security.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```bash\n(.*?)^```$");
  private static final Pattern ACCESS =
      Pattern.compile("(?m)^\\| `([a-z-]+)` \\|([^|]*)\\|([^|]*)\\|");
  private static final Pattern NAME = Pattern.compile("([A-Z_]+)=");
  private static final List<String> TOOLS =
      List.of("kafka-storage.sh", "kafka-configs.sh", "kafka-acls.sh", "pneumostream");

  /** A call of a tool, and the number of its block. */
  private record Call(int block, String tool, List<String> arguments) {}

  private final Path folder;
  private final int blocks;
  private final List<Call> calls;
  private final StringBuilder output = new StringBuilder();

  private SecurityGuide(Path folder, int blocks, List<Call> calls) {
    this.folder = folder;
    this.blocks = blocks;
    this.calls = calls;
  }

  /**
   * Runs the document's commands and records calls of tools.
   *
   * @param folder for their files
   * @param names values that the first block defines
   */
  static SecurityGuide read(Path folder, Map<String, String> names) throws Exception {
    List<String> blocks =
        BLOCK.matcher(Files.readString(DOCUMENT)).results().map(block -> block.group(1)).toList();
    assertThat(NAME.matcher(blocks.get(0)).results().map(name -> name.group(1)))
        .containsExactlyInAnyOrderElementsOf(names.keySet());
    Path noted = folder.resolve("calls");
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : TOOLS) {
      Path shim = tool.endsWith(".sh") ? tools.resolve(tool) : folder.resolve(tool);
      Files.writeString(
          shim,
          """
          #!/usr/bin/env bash
          printf '%%s\\0' "$BLOCK" %s $# "$@" >> '%s'
          """
              .formatted(tool, noted));
      shim.toFile().setExecutable(true);
    }
    StringBuilder script = new StringBuilder("set -eu\n");
    for (int block = 1; block < blocks.size(); block++) {
      script.append("export BLOCK=").append(block).append('\n').append(blocks.get(block));
    }
    ProcessBuilder bash = new ProcessBuilder("bash", "-c", script.toString());
    bash.environment().putAll(names);
    bash.environment()
        .compute(
            "PATH",
            (name, path) ->
                tools + ":" + Path.of(System.getProperty("java.home"), "bin") + ":" + path);
    Process process = bash.directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return new SecurityGuide(folder, blocks.size(), calls(Files.readString(noted)));
  }

  private static List<Call> calls(String noted) {
    List<Call> calls = new ArrayList<>();
    Iterator<String> words = List.of(noted.split("\0", -1)).iterator();
    for (String block = words.next(); !block.isEmpty(); block = words.next()) {
      String tool = words.next();
      List<String> arguments = new ArrayList<>();
      for (int left = Integer.parseInt(words.next()); left > 0; left--) {
        arguments.add(words.next());
      }
      calls.add(new Call(Integer.parseInt(block), tool, arguments));
    }
    return calls;
  }

  /**
   * A row of the document's table of logins.
   *
   * @param reads topics, without their prefix
   * @param writes topics, without their prefix
   */
  record Access(String login, Set<String> reads, Set<String> writes) {}

  /** The document's table of logins. */
  static List<Access> access() throws IOException {
    return ACCESS
        .matcher(Files.readString(DOCUMENT))
        .results()
        .map(row -> new Access(row.group(1), topics(row.group(2)), topics(row.group(3))))
        .toList();
  }

  private static Set<String> topics(String cell) {
    return cell.isBlank() ? Set.of() : Set.of(cell.strip().split(", "));
  }

  /** Formats a broker's storage. */
  void format() throws Exception {
    run(calls.stream().filter(call -> call.tool().equals("kafka-storage.sh")).toList());
  }

  /** Creates logins, topics and ACLs, without those of the last block. */
  void setUp() throws Exception {
    run(
        calls.stream()
            .filter(call -> !call.tool().equals("kafka-storage.sh"))
            .filter(call -> call.block() < blocks - 1)
            .toList());
  }

  /** Runs the last block, which lets ingest erase. */
  void letIngestErase() throws Exception {
    run(lastBlock());
  }

  /** Revokes what the last block grants. */
  void forbidIngestToErase() throws Exception {
    List<Call> removals = new ArrayList<>();
    for (Call call : lastBlock()) {
      List<String> arguments = new ArrayList<>(call.arguments());
      arguments.set(arguments.indexOf("--add"), "--remove");
      arguments.add("--force");
      removals.add(new Call(call.block(), call.tool(), arguments));
    }
    run(removals);
  }

  private List<Call> lastBlock() {
    List<Call> last = calls.stream().filter(call -> call.block() == blocks - 1).toList();
    assertThat(last).isNotEmpty().allMatch(call -> call.arguments().contains("User:ingest"));
    return last;
  }

  /** A file that the commands created. */
  Path file(String name) {
    return folder.resolve(name);
  }

  /** Output of the tools. */
  String output() {
    return output.toString();
  }

  private void run(List<Call> selected) throws Exception {
    assertThat(selected).isNotEmpty();
    PrintStream out = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Exit.setExitProcedure(
        (status, message) -> {
          throw new IllegalStateException("exit " + status + ": " + said);
        });
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      for (Call call : selected) {
        run(call.tool(), call.arguments().stream().map(this::absolute).toArray(String[]::new));
        assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain("Error");
      }
    } finally {
      System.setOut(out);
      Exit.resetExitProcedure();
      output.append(said.toString(StandardCharsets.UTF_8));
    }
  }

  private static void run(String tool, String[] arguments) {
    switch (tool) {
      case "kafka-storage.sh" -> assertThat(StorageTool.execute(arguments, System.out)).isZero();
      case "kafka-configs.sh" -> ConfigCommand.main(arguments);
      case "kafka-acls.sh" -> AclCommand.main(arguments);
      case "pneumostream" -> {
        Execution execution = Execution.of((Object[]) arguments);
        assertThat(execution.status()).as(execution.err()).isZero();
        System.out.print(execution.out());
      }
      default -> throw new AssertionError(tool);
    }
  }

  /** Resolves file names against the folder. */
  private String absolute(String argument) {
    Path file = folder.resolve(argument);
    return Files.isRegularFile(file) ? file.toString() : argument;
  }

  /** Content of the files that are to be secret, by file name. */
  Map<String, String> secrets() throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".password"))
          .collect(Collectors.toMap(file -> file.getFileName().toString(), SecurityGuide::text));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
