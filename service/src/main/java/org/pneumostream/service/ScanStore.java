package org.pneumostream.service;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pneumostream.schemas.Reference;

/**
 * Scans too large for a record: a directory that every service of one machine, or of one shared
 * file system, sees. An object's name is its scan's id and the SHA-256 of its bytes: so it is found
 * when the scan is erased, whatever refers to it still, and a scan pushed twice is kept once.
 * Objects are there wholly or not at all. Thread-safe.
 */
public final class ScanStore {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final String INCOMING = "incoming-";
  private static final String PARTIAL = ".part";
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Scan id and hash; the hash alone, as objects were named before. */
  private static final Pattern NAME = Pattern.compile("(?:[0-9a-f]{64}\\.)?([0-9a-f]{64})");

  private final Path directory;
  private final long minFreeBytes;

  /** A store that takes scans as long as the disk does. */
  public ScanStore(Path directory) {
    this(directory, 0);
  }

  /**
   * A store that leaves room for others on its disk.
   *
   * @param minFreeBytes takes no more scans when fewer bytes are free
   */
  public ScanStore(Path directory, long minFreeBytes) {
    this.directory = directory.toAbsolutePath().normalize();
    this.minFreeBytes = minFreeBytes;
  }

  /**
   * Keeps the bytes of a scan's stream, read to its end.
   *
   * @throws IOException if the bytes cannot be read, or the disk does not take them
   */
  public Reference put(String scanId, InputStream bytes) throws IOException {
    try (Incoming incoming = begin()) {
      bytes.transferTo(incoming);
      return incoming.commit(scanId);
    }
  }

  /**
   * Begins an object whose bytes are yet to come.
   *
   * @throws IOException if the disk does not take it, or too little of it is free
   */
  public Incoming begin() throws IOException {
    Files.createDirectories(directory);
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < minFreeBytes) {
      throw new IOException(
          "%d bytes free, expected at least %d (%s)"
              .formatted(free, minFreeBytes, ServiceConfig.SCAN_STORE_MIN_FREE.key()));
    }
    return new Incoming(directory, Files.createTempFile(directory, INCOMING, PARTIAL));
  }

  /**
   * The object's bytes; reading them to the end checks length and hash.
   *
   * @throws IOException if the object is gone, or lies outside of the store; while reading, if it
   *     is not what the reference says
   */
  public InputStream open(Reference reference) throws IOException {
    if (!SHA256.matcher(reference.getSha256()).matches()) {
      throw new IOException(
          "scan store: sha256 is '"
              + reference.getSha256()
              + "', expected 64 lowercase hex digits");
    }
    Path object =
        object(reference)
            .orElseThrow(
                () ->
                    new IOException(
                        "scan store: " + reference.getUri() + " is not in " + directory.toUri()));
    try {
      return new Checked(Files.newInputStream(object), sha256(), reference);
    } catch (NoSuchFileException e) {
      throw new IOException("scan store: " + reference.getUri() + " is gone", e);
    }
  }

  /** Where an object of this store lies; empty if the reference leads elsewhere. */
  private Optional<Path> object(Reference reference) {
    String uri = reference.getUri();
    Matcher name = NAME.matcher(uri.substring(uri.lastIndexOf('/') + 1));
    if (!name.matches() || !name.group(1).equals(reference.getSha256())) {
      return Optional.empty();
    }
    return Optional.of(directory.resolve(name.group()))
        .filter(object -> object.toUri().toString().equals(uri));
  }

  /**
   * Removes all that is kept of a scan: what these references lead to, if it is still there, and
   * what is named by the scan's id.
   *
   * @param scanId 64 lowercase hex digits
   * @return how many objects there were
   * @throws IOException if a reference leads to another store, of which nothing is then known to be
   *     removed; or if the disk refuses
   */
  public int remove(String scanId, Collection<Reference> references) throws IOException {
    Set<Path> objects = new HashSet<>();
    for (Reference reference : references) {
      objects.add(
          object(reference)
              .orElseThrow(
                  () ->
                      new IOException(
                          "scan store: the scan's file lies in another store, expected it in the"
                              + " one under data-dir")));
    }
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> named = Files.newDirectoryStream(directory, scanId + ".*")) {
        named.forEach(objects::add);
      }
    }
    int removed = 0;
    for (Path object : objects) {
      removed += Files.deleteIfExists(object) ? 1 : 0;
    }
    if (removed > 0) {
      sync(directory, StandardOpenOption.READ);
    }
    return removed;
  }

  /**
   * Removes what a process that died left half written.
   *
   * @param before when a half-written object was last written to, to count as left
   * @return how many there were
   */
  public int removeAbandoned(Instant before) throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    int removed = 0;
    try (DirectoryStream<Path> partials =
        Files.newDirectoryStream(directory, INCOMING + "*" + PARTIAL)) {
      for (Path partial : partials) {
        if (Files.getLastModifiedTime(partial).toInstant().isBefore(before)
            && Files.deleteIfExists(partial)) {
          removed++;
        }
      }
    }
    return removed;
  }

  private static void sync(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * An object as its bytes come in, under a temporary name. Closing it before {@link #commit}
   * leaves nothing behind. For one thread.
   */
  public static final class Incoming extends OutputStream {
    private final Path directory;
    private final Path partial;
    private final FileChannel file;
    private final MessageDigest sha256 = sha256();
    private long length;

    private Incoming(Path directory, Path partial) throws IOException {
      this.directory = directory;
      this.partial = partial;
      this.file = FileChannel.open(partial, StandardOpenOption.WRITE);
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int count) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(source, offset, count);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      sha256.update(source, offset, count);
      length += count;
    }

    /**
     * Makes the object part of the store: synced, renamed, the directory synced.
     *
     * @param scanId id of the scan whose bytes these are, 64 lowercase hex digits
     * @return where it lies
     */
    public Reference commit(String scanId) throws IOException {
      file.force(true);
      file.close();
      String hash = HexFormat.of().formatHex(sha256.digest());
      Path object = directory.resolve(scanId + "." + hash);
      Files.move(partial, object, StandardCopyOption.ATOMIC_MOVE);
      sync(directory, StandardOpenOption.READ);
      return new Reference(object.toUri().toString(), length, hash);
    }

    @Override
    public void close() throws IOException {
      file.close();
      Files.deleteIfExists(partial);
    }
  }

  /** Compares length and hash at the end of the stream. */
  private static final class Checked extends FilterInputStream {
    private final MessageDigest sha256;
    private final Reference reference;
    private long length;
    private boolean done;

    Checked(InputStream in, MessageDigest sha256, Reference reference) {
      super(in);
      this.sha256 = sha256;
      this.reference = reference;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      int read = super.read(target, offset, count);
      if (read > 0) {
        sha256.update(target, offset, read);
        length += read;
      } else if (read < 0 && !done) {
        done = true;
        check();
      }
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      byte[] skipped = new byte[(int) Math.min(count, BUFFER_BYTES)];
      return Math.max(0, read(skipped));
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    private void check() throws IOException {
      String found = HexFormat.of().formatHex(sha256.digest());
      if (length != reference.getLength() || !found.equals(reference.getSha256())) {
        throw new IOException(
            "scan store: "
                + reference.getUri()
                + " has "
                + length
                + " bytes with SHA-256 "
                + found
                + ", expected "
                + reference.getLength());
      }
    }
  }
}
