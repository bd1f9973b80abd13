package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The launcher's class path has no order: the JVM takes the jars of a folder as they come. */
class ClassPathTest {
  @Test
  void noClassIsThereTwice() throws IOException {
    Map<String, List<String>> holders = new HashMap<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path place = Path.of(part);
      for (String name : part.endsWith(".jar") ? inJar(place) : inFolder(place)) {
        holders.computeIfAbsent(name, any -> new ArrayList<>()).add(place.getFileName().toString());
      }
    }
    Map<List<String>, TreeSet<String>> twice = new HashMap<>();
    holders.forEach(
        (name, places) -> {
          if (places.size() > 1) {
            twice.computeIfAbsent(places, any -> new TreeSet<>()).add(name);
          }
        });

    assertThat(holders).isNotEmpty();
    assertThat(twice).isEmpty();
  }

  private static List<String> inJar(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      return jar.stream().map(ZipEntry::getName).filter(ClassPathTest::isClass).toList();
    }
  }

  private static List<String> inFolder(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> folder.relativize(file).toString().replace(File.separatorChar, '/'))
          .filter(ClassPathTest::isClass)
          .toList();
    }
  }

  private static boolean isClass(String name) {
    return name.endsWith(".class")
        && !name.startsWith("META-INF/")
        && !name.endsWith("module-info.class");
  }
}
