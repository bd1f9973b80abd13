package org.pneumostream.ingest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.service.DirectoryScanStore;

/** The scans that make_scans.py made, and ways to set up what takes them. */
final class Scans {
  static final Instant NOW = Instant.parse("2026-11-23T09:30:00Z");
  static final int MIB = 1 << 20;
  private static final Path FOLDER = Path.of("src/test/resources/scans");

  private Scans() {}

  static Path path(String name) {
    return FOLDER.resolve(name);
  }

  static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(path(name));
  }

  static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  /** The scan id that hashlib gives. */
  static String id(String name) throws IOException {
    Properties ids = new Properties();
    try (InputStream in = Files.newInputStream(path("scan-ids.properties"))) {
      ids.load(in);
    }
    return Optional.ofNullable(ids.getProperty(name)).orElseThrow();
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  static IngestConfig config(int inlineMaxBytes, long maxScanBytes) {
    return new IngestConfig(
        0,
        inlineMaxBytes,
        maxScanBytes,
        ReadLimits.DEFAULT,
        4,
        Duration.ofSeconds(2),
        Optional.empty(),
        Duration.ofSeconds(2),
        Optional.empty());
  }

  /** Names of the files below a folder that may not exist. */
  static List<String> filesIn(Path folder) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What keeps scans in {@code store} and receives them all at {@link #NOW}. */
  static ScanIntake intake(Path store, int inlineMaxBytes, long maxScanBytes) {
    return new ScanIntake(
        config(inlineMaxBytes, maxScanBytes),
        new DirectoryScanStore(store),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }
}
