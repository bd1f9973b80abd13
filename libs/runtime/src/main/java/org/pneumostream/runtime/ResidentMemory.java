package org.pneumostream.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Linux's account of this process's memory: the heap and all that is native. */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /** What there is now, in bytes. */
  public static long bytes() throws IOException {
    return bytes("VmRSS:");
  }

  /** What stays when all garbage is gone, and the engine's buffers with it, in bytes. */
  public static long bytesAfterCollection() throws IOException {
    System.gc();
    return bytes();
  }

  /** The most that there has been since the process started, in bytes. */
  public static long peakBytes() throws IOException {
    return bytes("VmHWM:");
  }

  private static long bytes(String field) throws IOException {
    try (Stream<String> lines = Files.lines(STATUS)) {
      String kib = lines.filter(line -> line.startsWith(field)).findFirst().orElseThrow();
      return Long.parseLong(kib.replaceAll("\\D", "")) << 10;
    }
  }
}
