package org.pneumostream.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pneumostream.ingest.RejectedScanException.Reason;
import org.pneumostream.jdata.Compression;
import org.pneumostream.jnifti.RegularFile;

/**
 * A scan on disk, recognized by its name: one file, or a header and the image beside it.
 *
 * @param file the file, or the pair's header
 * @param image the pair's image
 */
public record ScanFile(Path file, Optional<Path> image) implements PushedScan {
  private static final List<String> SINGLE = List.of(".nii", ".nii.gz", ".jnii", ".bnii");
  private static final List<String> HEADER = List.of(".hdr", ".hdr.gz");
  private static final List<String> IMAGE = List.of(".img", ".img.gz");

  /** The one or two files. */
  public List<Path> paths() {
    return image.map(other -> List.of(file, other)).orElse(List.of(file));
  }

  /** The name of its first file, for messages. */
  public String name() {
    return file.getFileName().toString();
  }

  @Override
  public InputStream open() throws RejectedScanException, IOException {
    if (image.isEmpty() && isHalf(file)) {
      throw halfOnly(file);
    }
    return RegularFile.open(file);
  }

  @Override
  public Optional<InputStream> openImage() throws IOException {
    return image.isEmpty() ? Optional.empty() : Optional.of(RegularFile.open(image.get()));
  }

  @Override
  public List<FileState> states() throws IOException {
    List<FileState> states = new ArrayList<>();
    for (Path path : paths()) {
      states.add(FileState.of(path));
    }
    return states;
  }

  /**
   * The scan's id: lowercase hex SHA-256 of the uncompressed bytes; for a pair of the header, then
   * the image.
   *
   * @throws IOException if a file cannot be read
   */
  public String scanId() throws IOException {
    MessageDigest sha256 = ScanReader.sha256();
    for (Path path : paths()) {
      try (InputStream bytes =
          new DigestInputStream(Compression.inflate(RegularFile.open(path)), sha256)) {
        bytes.transferTo(OutputStream.nullOutputStream());
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /**
   * All scans under the paths, without duplicates, in a stable order. A file is accepted whatever
   * its name. A directory stands for all files below it that are named like scans, without hidden
   * ones. Links are followed.
   *
   * @throws RejectedScanException if half of a pair is missing, or a directory has no scans
   * @throws IOException if a path does not exist or cannot be read
   */
  public static List<ScanFile> expand(Collection<Path> paths)
      throws RejectedScanException, IOException {
    Set<ScanFile> scans = new LinkedHashSet<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        scans.addAll(below(path));
      } else if (Files.exists(path)) {
        scans.add(of(path));
      } else {
        throw new NoSuchFileException(path.toString(), null, "no such file or directory");
      }
    }
    return List.copyOf(scans);
  }

  /**
   * The scan that consists of a file, or that the file is half of.
   *
   * @throws RejectedScanException if the other half is not beside it
   */
  public static ScanFile of(Path file) throws RejectedScanException, IOException {
    if (!isHalf(file)) {
      return new ScanFile(file, Optional.empty());
    }
    try (Stream<Path> beside = Files.list(file.toAbsolutePath().getParent())) {
      Path folder = file.getParent();
      return among(
              file,
              beside
                  .map(Path::getFileName)
                  .map(name -> folder == null ? name : folder.resolve(name))
                  .toList())
          .orElseThrow(() -> halfOnly(file));
    }
  }

  /**
   * The scan that consists of a file, or that it is half of; empty if the other half is missing.
   */
  static Optional<ScanFile> among(Path file, Collection<Path> others) {
    if (!isHalf(file)) {
      return Optional.of(new ScanFile(file, Optional.empty()));
    }
    boolean isHeader = ending(file, HEADER).isPresent();
    Optional<Path> other =
        (isHeader ? IMAGE : HEADER)
            .stream()
                .map(ending -> stem(file) + ending)
                .flatMap(name -> others.stream().filter(path -> lowerName(path).equals(name)))
                .findFirst();
    return other.map(
        half ->
            isHeader
                ? new ScanFile(file, Optional.of(half))
                : new ScanFile(half, Optional.of(file)));
  }

  /** Whether the name is that of half of a pair. */
  private static boolean isHalf(Path file) {
    return ending(file, HEADER).or(() -> ending(file, IMAGE)).isPresent();
  }

  private static RejectedScanException halfOnly(Path file) {
    List<String> missing = ending(file, HEADER).isPresent() ? IMAGE : HEADER;
    return new RejectedScanException(
        Reason.MISSING,
        file.getFileName()
            + " is half of a pair: no "
            + String.join(" or ", missing)
            + " beside it");
  }

  private static Collection<ScanFile> below(Path directory)
      throws RejectedScanException, IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        directory,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new VisibleFiles(directory, files));
    files.sort(null);
    Map<Path, List<Path>> beside = files.stream().collect(Collectors.groupingBy(Path::getParent));
    Set<ScanFile> scans = new LinkedHashSet<>();
    for (Path file : files) {
      if (ending(file, SINGLE).isPresent() || isHalf(file)) {
        among(file, Objects.requireNonNull(beside.get(file.getParent()))).ifPresent(scans::add);
      }
    }
    if (scans.isEmpty()) {
      throw new RejectedScanException(
          Reason.MISSING,
          directory + ": contains no scans, expected .nii, .hdr with .img, .jnii or .bnii");
    }
    return scans;
  }

  private static Optional<String> ending(Path file, List<String> endings) {
    String name = lowerName(file);
    return endings.stream().filter(name::endsWith).findFirst();
  }

  private static String stem(Path half) {
    String name = lowerName(half);
    String ending = ending(half, HEADER).or(() -> ending(half, IMAGE)).orElseThrow();
    return name.substring(0, name.length() - ending.length());
  }

  private static String lowerName(Path path) {
    return path.getFileName().toString().toLowerCase(Locale.ROOT);
  }

  /** Collects files, without hidden ones and those in hidden directories. */
  private static final class VisibleFiles extends SimpleFileVisitor<Path> {
    private final Path start;
    private final List<Path> files;

    VisibleFiles(Path start, List<Path> files) {
      this.start = start;
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return !directory.equals(start) && isHidden(directory)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!attributes.isDirectory() && !isHidden(file)) {
        files.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    /** A link to a parent folder leads to nothing new. */
    @Override
    public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
      if (failure instanceof FileSystemLoopException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    private static boolean isHidden(Path path) {
      return path.getFileName().toString().startsWith(".");
    }
  }
}
