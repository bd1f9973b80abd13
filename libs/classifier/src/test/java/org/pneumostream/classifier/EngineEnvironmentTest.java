package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineEnvironmentTest {

  private final Map<String, String> environment = new HashMap<>(EngineEnvironment.VARIABLES);

  @Test
  void findsNothingMissingInTheLaunchersEnvironment() {
    assertThat(EngineEnvironment.missing(environment)).isEmpty();
  }

  @Test
  void findsEveryVariableMissingInAnEmptyEnvironment() {
    assertThat(EngineEnvironment.missing(Map.of()))
        .containsExactly(
            "GOMP_SPINCOUNT",
            "MALLOC_ARENA_MAX",
            "MALLOC_MMAP_MAX_",
            "MALLOC_TOP_PAD_",
            "MALLOC_TRIM_THRESHOLD_");
  }

  @Test
  void acceptsOtherValues() {
    environment.put("GOMP_SPINCOUNT", "5");
    environment.remove("MALLOC_ARENA_MAX");

    assertThat(EngineEnvironment.missing(environment)).containsExactly("MALLOC_ARENA_MAX");
  }

  @Test
  void needsNoneOfGlibcsVariablesWithAnotherAllocator() {
    assertThat(EngineEnvironment.missing(Map.of("LD_PRELOAD", "/usr/lib/libjemalloc.so.2")))
        .containsExactly("GOMP_SPINCOUNT");
  }

  @Test
  void isWhatTheLauncherSets() throws IOException {
    assertThat(Files.readString(Path.of("..", "..", "pneumostream")))
        .contains(
            EngineEnvironment.VARIABLES.entrySet().stream()
                .map(v -> "export %1$s=${%1$s:-%2$s}\n".formatted(v.getKey(), v.getValue()))
                .toList());
  }
}
