package org.pneumostream.ingest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.Format;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.scanstore.DirectoryScanStore;

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

  /** A scan of 8 KB a slice that nothing compresses. */
  static byte[] noise(int slices) throws IOException {
    short[] voxels = new short[64 * 64 * slices];
    Random random = new Random(1);
    for (int i = 0; i < voxels.length; i++) {
      voxels[i] = (short) random.nextInt();
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    NiftiWriter.write(file, NiftiHeader.builder(Datatype.INT16, 64, 64, slices).build(), voxels);
    return file.toByteArray();
  }

  /** A small scan as JNIfTI. */
  static byte[] jnifti() throws IOException {
    return nearlyConstant(Format.JNII, 0, 1);
  }

  /** 512 voxels of one value, but for the last one. */
  static byte[] nearlyConstant(Format format, int value, int last) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    NiftiHeader header = NiftiHeader.builder(Datatype.INT16, 8, 8, 8).format(format).build();
    short[] voxels = new short[8 * 8 * 8];
    Arrays.fill(voxels, (short) value);
    voxels[voxels.length - 1] = (short) last;
    NiftiWriter.write(file, header, voxels);
    return file.toByteArray();
  }

  /** The start of a JNIfTI document of that many bytes, nearly all of them white space. */
  static byte[] endlessDocument(int bytes) {
    byte[] document = new byte[bytes];
    Arrays.fill(document, (byte) ' ');
    document[0] = '{';
    return document;
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
        0.5,
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
    List<String> names = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              names.add(folder.relativize(file).toString());
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Collections.sort(names);
    return names;
  }

  /** An intake that keeps scans in {@code store} and receives them all at {@link #NOW}. */
  static IntakeFixture intake(Path store, int inlineMaxBytes, long maxScanBytes) {
    return new IntakeFixture(
        config(inlineMaxBytes, maxScanBytes),
        new DirectoryScanStore(store),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }
}
