package org.pneumostream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Linux's account of this process's memory: the heap and all that is native. */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /** What stays when all garbage is gone, and the engine's buffers with it, in bytes. */
  public static long bytesAfterCollection() throws IOException {
    System.gc();
    try (Stream<String> lines = Files.lines(STATUS)) {
      String resident = lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(resident.replaceAll("\\D", "")) << 10;
    }
  }
}
