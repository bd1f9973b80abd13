package org.pneumostream.classifier;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The environment variables that make the engine fast on a CPU. The C library and OpenMP read them
 * when the process starts, so the launcher has to set them. RATIONALE.md says what they do.
 */
public final class EngineEnvironment {

  /** The values that the launcher sets. */
  public static final Map<String, String> VARIABLES =
      Map.of(
          "MALLOC_ARENA_MAX", "1",
          "MALLOC_MMAP_MAX_", "0",
          "MALLOC_TRIM_THRESHOLD_", "20000000000",
          "MALLOC_TOP_PAD_", "268435456",
          "GOMP_SPINCOUNT", "1000");

  private static final Logger log = LoggerFactory.getLogger(EngineEnvironment.class);

  private EngineEnvironment() {}

  /**
   * The variables that {@code environment} lacks, in alphabetical order; values are not checked.
   */
  static List<String> missing(Map<String, String> environment) {
    TreeMap<String, String> missing = new TreeMap<>(VARIABLES);
    missing.keySet().removeAll(environment.keySet());
    if (environment.getOrDefault("LD_PRELOAD", "").contains("malloc")) {
      // Another allocator, such as jemalloc, does not read glibc's variables.
      missing.keySet().removeIf(name -> name.startsWith("MALLOC_"));
    }
    return List.copyOf(missing.keySet());
  }

  /** Logs a warning if {@code environment} lacks variables. */
  static void check(Map<String, String> environment) {
    List<String> missing = missing(environment);
    if (!missing.isEmpty()) {
      log.warn(
          "{} not set: scoring and training on this CPU are slower, about four times beside"
              + " other busy processes; start with ./pneumostream, or set them as RATIONALE.md says",
          String.join(", ", missing));
    }
  }
}
