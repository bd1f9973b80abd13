package org.pneumostream.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** This process's resident memory as Linux reports it: heap and native. */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /** The current value, in bytes. */
  public static long bytes() throws IOException {
    return bytes("VmRSS:");
  }

  /** The value after garbage collection, which also frees the engine's buffers, in bytes. */
  public static long bytesAfterCollection() throws IOException {
    System.gc();
    return bytes();
  }

  /** The highest value since the process started, in bytes. */
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
