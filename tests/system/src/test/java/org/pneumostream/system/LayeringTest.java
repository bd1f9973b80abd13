package org.pneumostream.system;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The main classes comply with the table of modules in docs/architecture.md. */
class LayeringTest {
  private static final String OURS = "org.pneumostream.";

  /** Restricted libraries, which only the modules that name them may use. */
  private static final Map<String, List<String>> RESTRICTED =
      Map.of(
          "Kafka", List.of("org.apache.kafka."),
          "DJL", List.of("ai.djl."),
          "Javalin", List.of("io.javalin.", "org.eclipse.jetty."),
          "S3", List.of("software.amazon.awssdk."));

  private static final List<Module> MODULES = Module.all();
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          // The predefined option knows the folders of test classes, not the jars of fixtures.
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("org.pneumostream");

  @Test
  void theTableListsTheModulesThatMavenBuilds() {
    assertThat(MODULES)
        .extracting(Module::folder)
        .containsExactlyInAnyOrderElementsOf(Module.built());
  }

  @Test
  void aModuleUsesOnlyTheModulesInTheTable() {
    Map<String, Module> byPackage = byPackage();
    Set<String> wrong = new TreeSet<>();
    for (JavaClass each : CLASSES) {
      Module module = byPackage.get(each.getPackageName());
      for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        Module used = byPackage.get(target.getPackageName());
        if (module != null && used != null && !used.equals(module) && !module.mayUse(used)) {
          wrong.add(
              module.folder() + " uses " + used.folder() + ": " + dependency.getDescription());
        }
      }
    }
    assertThat(CLASSES).isNotEmpty();
    assertThat(wrong).isEmpty();
  }

  @Test
  void onlyListedModulesUseRestrictedLibraries() {
    Map<String, Module> byPackage = byPackage();
    Set<String> wrong = new TreeSet<>();
    for (JavaClass each : CLASSES) {
      Module module = byPackage.get(each.getPackageName());
      for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getBaseComponentType().getName();
        RESTRICTED.forEach(
            (name, prefixes) -> {
              if (module != null
                  && prefixes.stream().anyMatch(target::startsWith)
                  && !module.others().contains(name)) {
                wrong.add(module.folder() + " uses " + name + ": " + dependency.getDescription());
              }
            });
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void onlyTestsDependOnTestSupport() {
    Pattern otherScope =
        Pattern.compile(
            "(?s)<dependency>(?:(?!</dependency>).)*"
                + "<artifactId>test-support<(?!/artifactId>\\s*<scope>test<)");

    assertThat(MODULES).extracting(Module::pom).noneMatch(otherScope.asPredicate());
  }

  @Test
  void theTableListsModulesInOrderOfDependency() {
    for (int i = 0; i < MODULES.size(); i++) {
      Module module = MODULES.get(i);
      List<Module> later = MODULES.subList(i + 1, MODULES.size());

      assertThat(later)
          .as(module.folder())
          .extracting(Module::name)
          .noneMatch(module.libraries()::contains);
    }
  }

  @Test
  void aLibraryKnowsNoServiceAndAServiceNoOther() {
    for (Module module : MODULES) {
      if (module.isLibrary() || module.isService()) {
        assertThat(MODULES)
            .as(module.folder())
            .filteredOn(other -> other.isService() && !other.equals(module))
            .noneMatch(module::mayUse);
      }
    }
  }

  @Test
  void noTwoPackagesUseEachOther() {
    slices().matching(OURS + "(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noTwoMainClassesHaveOneSimpleName() {
    Map<String, List<Path>> bySimpleName =
        sources().stream().collect(Collectors.groupingBy(file -> file.getFileName().toString()));

    assertThat(bySimpleName.values()).allMatch(files -> files.size() == 1);
  }

  @Test
  void everyPackageHasADescription() {
    assertThat(sources())
        .extracting(file -> file.resolveSibling("package-info.java"))
        .allMatch(Files::exists);
  }

  @Test
  void noMainFileHasMoreThan300Lines() throws IOException {
    List<Path> longOnes = new ArrayList<>();
    for (Path file : sources()) {
      if (Files.readAllLines(file).size() > 300) {
        longOnes.add(file);
      }
    }
    assertThat(longOnes).isEmpty();
  }

  private static List<Path> sources() {
    return MODULES.stream().flatMap(module -> module.sources().stream()).toList();
  }

  private static Map<String, Module> byPackage() {
    Map<String, Module> byPackage = new HashMap<>();
    for (Module module : MODULES) {
      module.packages().forEach(name -> byPackage.put(name, module));
    }
    return byPackage;
  }
}
