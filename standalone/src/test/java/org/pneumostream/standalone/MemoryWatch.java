package org.pneumostream.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Resident memory of processes at one moment, by name. */
record MemoryWatch(Map<String, Sample> samples) {
  /**
   * @param pid process that it was
   * @param bytes heap and all that is native
   */
  record Sample(long pid, long bytes) {}

  static MemoryWatch of(Map<String, Supervised> processes) throws IOException {
    Map<String, Sample> samples = new TreeMap<>();
    for (Map.Entry<String, Supervised> process : processes.entrySet()) {
      long pid = process.getValue().pid();
      samples.put(process.getKey(), new Sample(pid, residentBytes(pid)));
    }
    return new MemoryWatch(samples);
  }

  /** By how many MiB each process has grown; without those that are not the same any more. */
  Map<String, Long> mibGrownSince(MemoryWatch before) {
    Map<String, Long> grown = new TreeMap<>();
    samples.forEach(
        (name, now) -> {
          Sample then = before.samples.get(name);
          if (then.pid() == now.pid()) {
            grown.put(name, (now.bytes() - then.bytes()) >> 20);
          }
        });
    return grown;
  }

  private static long residentBytes(long pid) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      String kib = lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(kib.replaceAll("\\D", "")) << 10;
    }
  }
}
