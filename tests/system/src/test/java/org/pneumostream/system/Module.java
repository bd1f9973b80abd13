package org.pneumostream.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A module in the table of docs/architecture.md.
 *
 * @param folder under the repository's root
 * @param libraries our own modules that it may use, by the last part of their folder
 * @param others restricted libraries that it may use
 */
record Module(String folder, Set<String> libraries, Set<String> others) {
  static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| \\[([a-z/-]+)]\\([^)]*\\) \\|[^|]*\\|([^|]*)\\|$");
  private static final Pattern POM_MODULE = Pattern.compile("<module>([^<]+)</module>");

  /** All modules, in the order in which each uses only earlier ones. */
  static List<Module> all() {
    return ROW.matcher(read(ROOT.resolve("docs/architecture.md")))
        .results()
        .map(Module::of)
        .toList();
  }

  /** The folders that Maven builds. */
  static List<String> built() {
    return POM_MODULE
        .matcher(read(ROOT.resolve("pom.xml")))
        .results()
        .map(module -> module.group(1))
        .toList();
  }

  private static Module of(MatchResult row) {
    String[] use = row.group(2).split(";", 2);
    return new Module(row.group(1), words(use[0]), words(use.length > 1 ? use[1] : ""));
  }

  private static Set<String> words(String list) {
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toSet());
  }

  String name() {
    return folder.substring(folder.lastIndexOf('/') + 1);
  }

  boolean isLibrary() {
    return folder.startsWith("libs/") || folder.equals("schemas");
  }

  boolean isService() {
    return !folder.contains("/") && !isLibrary();
  }

  /** Whether the table lets it use another module. */
  boolean mayUse(Module other) {
    return libraries.contains(other.name())
        || libraries.contains("every library and service")
            && (other.isLibrary() || other.isService())
        || libraries.contains("everything but tests") && !other.folder().startsWith("tests/")
        || libraries.contains("everything");
  }

  /** The text of its POM. */
  String pom() {
    return read(ROOT.resolve(folder).resolve("pom.xml"));
  }

  /** Its main sources, without package descriptions. */
  List<Path> sources() {
    Path main = ROOT.resolve(folder).resolve("src/main/java");
    if (!Files.exists(main)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(main)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Java packages of its main sources. */
  Set<String> packages() {
    Path main = ROOT.resolve(folder).resolve("src/main/java");
    Set<String> packages = new HashSet<>();
    for (Path source : sources()) {
      packages.add(main.relativize(source.getParent()).toString().replace('/', '.'));
    }
    return packages;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
