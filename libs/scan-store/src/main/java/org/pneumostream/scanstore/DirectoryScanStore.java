package org.pneumostream.scanstore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.pneumostream.schemas.Reference;

/**
 * A scan store in a directory, on one machine or a shared file system. On file systems with owners
 * and groups, the group may read the files, subject to the process's umask, so that services can
 * run as different users.
 */
public final class DirectoryScanStore implements ScanStore {
  private static final Permissions PERMISSIONS = new Permissions("rw-r-----", "rwxr-x---");

  private final Path directory;
  private final StoreAddress address;
  private final StagingDirectory staging;

  /** Whether the directory ever had content; a new store is empty, too. */
  private volatile boolean seen;

  /** A store that accepts scans as long as the disk does. */
  public DirectoryScanStore(Path directory) {
    this(directory, 0);
  }

  /**
   * A store that keeps some of its disk free.
   *
   * @param minFreeBytes free bytes below which it accepts no scans
   */
  public DirectoryScanStore(Path directory, long minFreeBytes) {
    this.directory = directory.toAbsolutePath().normalize();
    String uri = this.directory.toUri().toString();
    // The URI lacks a trailing slash until the directory exists.
    this.address = new StoreAddress(uri.endsWith("/") ? uri : uri + "/");
    // In the same directory, so that renaming is atomic.
    this.staging = new StagingDirectory(this.directory, minFreeBytes, PERMISSIONS);
  }

  @Override
  public ScanUpload begin() throws IOException {
    return staging.begin(this::keep);
  }

  private Reference keep(Path file, String scanId, long length, String sha256) throws IOException {
    Path object = directory.resolve(StoredObject.name(scanId, sha256));
    Files.move(file, object, StandardCopyOption.ATOMIC_MOVE);
    sync();
    return address.reference(scanId, length, sha256);
  }

  @Override
  public InputStream open(Reference reference) throws IOException {
    Path object = directory.resolve(address.nameOf(reference));
    try {
      return new CheckedInput(Files.newInputStream(object), reference);
    } catch (NoSuchFileException e) {
      if (isAway()) {
        throw new ScanStoreAwayException(address.uri(), e);
      }
      throw new ScanGoneException(reference.getUri(), e);
    } catch (AccessDeniedException e) {
      if (isReadable()) {
        throw new ScanDeniedException(reference.getUri(), e);
      }
      throw new ScanStoreAwayException(reference.getUri(), e);
    } catch (IOException e) {
      throw new ScanStoreAwayException(reference.getUri(), e);
    }
  }

  /**
   * An unmounted share looks like an empty directory; a store always has at least an owner or a
   * scan.
   */
  private boolean isAway() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      return !files.iterator().hasNext();
    } catch (IOException | DirectoryIteratorException e) {
      return true;
    }
  }

  /** Whether only the one object is unreadable, and not the store. */
  private boolean isReadable() {
    try {
      Files.readString(directory.resolve(StoredObject.OWNER));
      return true;
    } catch (NoSuchFileException e) {
      // The lookup of the object has searched the directory.
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public int remove(String scanId, Collection<Reference> references) throws IOException {
    Set<String> names = address.namesOf(references);
    if (!names.isEmpty() && isAway()) {
      throw new ScanStoreAwayException(
          address.uri(),
          new NoSuchFileException("directory missing or empty, expected the scan's file"));
    }
    for (StoredObject object : objects(scanId + ".*")) {
      names.add(object.name());
    }
    int removed = 0;
    for (String name : names) {
      removed += Files.deleteIfExists(directory.resolve(name)) ? 1 : 0;
    }
    if (removed > 0) {
      sync();
    }
    return removed;
  }

  @Override
  public List<StoredObject> objects() throws IOException {
    return objects("*");
  }

  private List<StoredObject> objects(String glob) throws IOException {
    List<StoredObject> objects = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return objects;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
      for (Path file : files) {
        try {
          StoredObject.named(file.getFileName().toString(), writtenAt(file))
              .ifPresent(objects::add);
        } catch (NoSuchFileException e) {
          // The file was removed meanwhile, so it no longer belongs to the store.
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return objects;
  }

  @Override
  public boolean remove(StoredObject listed) throws IOException {
    Path object = directory.resolve(listed.name());
    try {
      return !writtenAt(object).isAfter(listed.writtenAt()) && Files.deleteIfExists(object);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public String owner(String owner) throws IOException {
    Path file = PERMISSIONS.createDirectories(directory).resolve(StoredObject.OWNER);
    if (Files.notExists(file)) {
      Path partial = PERMISSIONS.createFile(directory, StoredObject.OWNER, ".part");
      Files.move(Files.writeString(partial, owner), file, StandardCopyOption.ATOMIC_MOVE);
    }
    return Files.readString(file);
  }

  @Override
  public int removeAbandoned(Instant before) throws IOException {
    return staging.removeAbandoned(before);
  }

  @Override
  public void requireReadable() throws IOException {
    boolean away = isAway();
    if (away && seen) {
      throw new ScanStoreAwayException(
          address.uri(), new NoSuchFileException("directory missing or empty, expected scans"));
    }
    seen |= !away;
  }

  @Override
  public void requireRoom() throws IOException {
    staging.requireRoom();
  }

  @Override
  public void close() {}

  private static Instant writtenAt(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).lastModifiedTime().toInstant();
  }

  private void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
