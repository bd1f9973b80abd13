package org.pneumostream.jnifti;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.pneumostream.jdata.InvalidDataException;

/** Finds the one or two files of a scan. */
final class ScanFiles {
  private static final String GZIP = ".gz";
  private static final List<String> HEADER = List.of(".hdr", ".HDR");
  private static final List<String> IMAGE = List.of(".img", ".IMG");

  private ScanFiles() {}

  static NiftiReader open(Path file, ReadLimits limits) throws IOException {
    String name = uncompressedName(file).toLowerCase(Locale.ROOT);
    if (name.endsWith(".img")) {
      return openPair(otherHalf(file, HEADER), file, limits);
    }
    if (name.endsWith(".hdr")) {
      return openPair(file, otherHalf(file, IMAGE), limits);
    }
    InputStream in = RegularFile.open(file);
    return closingOnFailure(in, () -> NiftiReader.open(in, limits));
  }

  private static NiftiReader openPair(Path header, Path image, ReadLimits limits)
      throws IOException {
    try (InputStream headerIn = RegularFile.open(header)) {
      InputStream imageIn = RegularFile.open(image);
      return closingOnFailure(imageIn, () -> NiftiReader.openPair(headerIn, imageIn, limits));
    }
  }

  private static Path otherHalf(Path file, List<String> extensions) throws InvalidDataException {
    String name = uncompressedName(file);
    String base = name.substring(0, name.length() - ".hdr".length());
    for (String extension : extensions) {
      for (String compression : List.of("", GZIP)) {
        Path other = file.resolveSibling(base + extension + compression);
        if (Files.exists(other)) {
          return other;
        }
      }
    }
    throw new InvalidDataException(
        "pair", file.getFileName() + " alone", base + extensions.get(0) + "[.gz] beside it");
  }

  private static String uncompressedName(Path file) {
    String name = String.valueOf(file.getFileName());
    boolean gzip = name.toLowerCase(Locale.ROOT).endsWith(GZIP);
    return gzip ? name.substring(0, name.length() - GZIP.length()) : name;
  }

  private interface Opening {
    NiftiReader open() throws IOException;
  }

  private static NiftiReader closingOnFailure(InputStream in, Opening opening) throws IOException {
    boolean opened = false;
    try {
      NiftiReader reader = opening.open();
      opened = true;
      return reader;
    } finally {
      if (!opened) {
        in.close();
      }
    }
  }
}
