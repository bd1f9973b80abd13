package org.pneumostream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Markdown pages of this repository: their links resolve, and the index lists all of them. */
class DocumentationTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DOCS = ROOT.resolve("docs");

  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
  private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");
  private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w+)(?:\\.\\w+)?`");

  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

  /** Folders that hold no page of ours: build output, data, and what stands beside a checkout. */
  private static final Set<String> SKIPPED = Set.of("target", "data", "shared", "libtorch");

  private static List<Path> pages;

  @BeforeAll
  static void findPages() throws IOException {
    pages = files(ROOT, ".md");
    assertThat(pages).contains(ROOT.resolve("README.md"), DOCS.resolve("index.md"));
  }

  @Test
  void everyRelativeLinkResolves() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages) {
      broken.addAll(brokenLinks(page));
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void theIndexListsEveryPageInDocs() throws IOException {
    Path index = DOCS.resolve("index.md");
    Set<Path> linked =
        links(index).map(link -> DOCS.resolve(file(link)).normalize()).collect(Collectors.toSet());

    assertThat(linked)
        .containsAll(
            pages.stream().filter(page -> page.startsWith(DOCS) && !page.equals(index)).toList());
  }

  @Test
  void readmeFitsIn150Lines() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(150);
  }

  @Test
  void everyClassThatTheArchitectureNamesExists() throws IOException {
    Set<String> classes = new HashSet<>();
    for (Path source : files(ROOT, ".java")) {
      classes.add(source.getFileName().toString().replace(".java", ""));
    }
    for (Path schema : files(ROOT, ".avsc")) {
      classes.add(schema.getFileName().toString().replace(".avsc", ""));
    }
    Set<String> named =
        CLASS
            .matcher(Files.readString(DOCS.resolve("architecture.md")))
            .results()
            .map(name -> name.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(named).isNotEmpty();
    assertThat(classes).containsAll(named);
  }

  @Test
  void everyTestThatTheChangelogNamesExists() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (Path source : files(ROOT, ".java")) {
      String name = source.getFileName().toString().replace(".java", "");
      sources.merge(name, Files.readString(source), String::concat);
    }
    String all = String.join("", sources.values());
    List<String> missing = new ArrayList<>();
    for (MatchResult named :
        TEST.matcher(Files.readString(ROOT.resolve("CHANGELOG.md"))).results().toList()) {
      // A test may be inherited from an interface.
      if (!sources.containsKey(named.group(1)) || !all.contains(" " + named.group(2) + "(")) {
        missing.add(named.group());
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void findsBrokenLinks(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("page.md");
    Files.writeString(folder.resolve("other.md"), "# One: `two`, three!\n\n# Twice\n\n# Twice\n");
    Files.writeString(
        page,
        """
        # Here
        [a](other.md) [b](other.md#one-two-three) [c](#here) [d](https://example.org/none)
        [e](other.md#twice-1) `[code](none.md)`
        [f](none.md) [g](other.md#none) [h](#none) [i](other.md#twice-2)
        ```
        [block](none.md)
        ```
        """);

    assertThat(brokenLinks(page))
        .containsExactly(
            "page.md: none.md",
            "page.md: other.md#none",
            "page.md: #none",
            "page.md: other.md#twice-2");
  }

  private static List<String> brokenLinks(Path page) throws IOException {
    List<String> broken = new ArrayList<>();
    for (String link : links(page).toList()) {
      Path target = link.startsWith("#") ? page : page.resolveSibling(file(link)).normalize();
      int anchor = link.indexOf('#');
      if (!Files.exists(target)
          || anchor >= 0 && !anchors(target).contains(link.substring(anchor + 1))) {
        Path folder = page.startsWith(ROOT) ? ROOT : page.getParent();
        broken.add(folder.relativize(page) + ": " + link);
      }
    }
    return broken;
  }

  /** The relative links of a page, outside code. */
  private static Stream<String> links(Path page) throws IOException {
    String text = CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
    return LINK.matcher(CODE.matcher(text).replaceAll("code"))
        .results()
        .map(link -> link.group(1))
        .filter(link -> URI.create(link).getScheme() == null);
  }

  private static String file(String link) {
    return link.replaceFirst("#.*", "");
  }

  /** The anchors that GitHub gives to a page's headings. */
  private static Set<String> anchors(Path page) throws IOException {
    String text = CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
    Set<String> anchors = new HashSet<>();
    for (MatchResult heading : HEADING.matcher(text).results().toList()) {
      String anchor =
          heading
              .group(1)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N}_ -]", "")
              .replace(' ', '-');
      String unique = anchor;
      for (int number = 1; !anchors.add(unique); number++) {
        unique = anchor + "-" + number;
      }
    }
    return anchors;
  }

  private static List<Path> files(Path root, String ending) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean isHidden = name.startsWith(".") && !name.equals(".github");
            return !folder.equals(root) && (isHidden || SKIPPED.contains(name))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(ending)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
