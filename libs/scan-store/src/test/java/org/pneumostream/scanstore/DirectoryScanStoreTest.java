package org.pneumostream.scanstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.Reference;

class DirectoryScanStoreTest extends ScanStoreContract {
  @Override
  ScanStore store() {
    return new DirectoryScanStore(staging());
  }

  @Override
  ScanStore another() {
    return new DirectoryScanStore(temp.resolve("elsewhere"));
  }

  @Override
  String uri() {
    return temp.toUri() + "store/";
  }

  @Override
  Path staging() {
    return temp.resolve("store");
  }

  @Override
  void write(String name, byte[] bytes) throws IOException {
    Files.write(Files.createDirectories(staging()).resolve(name), bytes);
  }

  @Override
  void delete(String name) throws IOException {
    Files.delete(staging().resolve(name));
  }

  @Override
  List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(staging())) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("incoming-"))
          .toList();
    }
  }

  @Test
  void isUnavailableIfItsDirectoryIsMissingOrEmpty() throws Exception {
    Reference reference = put(SCAN_ID, BYTES);
    Path elsewhere = temp.resolve("unmounted");
    Files.move(staging(), elsewhere);

    assertIsAway(reference);
    Files.createDirectory(staging());
    assertIsAway(reference);

    Files.delete(staging());
    Files.move(elsewhere, staging());
    assertThat(read(reference)).isEqualTo(BYTES);
    assertThat(store().remove(SCAN_ID, List.of(reference))).isEqualTo(1);
  }

  /** A new store is empty, too. */
  @Test
  void isReadableUntilItsContentIsGone() throws Exception {
    ScanStore store = store();
    store.requireReadable();
    Files.createDirectory(staging());
    store.requireReadable();
    store.put(SCAN_ID, new ByteArrayInputStream(BYTES));
    store.requireReadable();
    Path elsewhere = temp.resolve("unmounted");
    Files.move(staging(), elsewhere);

    assertThatThrownBy(store::requireReadable)
        .isInstanceOf(ScanStoreAwayException.class)
        .hasMessageContaining(uri());
    Files.createDirectory(staging());
    assertThatThrownBy(store::requireReadable).isInstanceOf(ScanStoreAwayException.class);

    Files.delete(staging());
    Files.move(elsewhere, staging());
    store.requireReadable();
  }

  private void assertIsAway(Reference reference) {
    assertThatThrownBy(() -> store().open(reference)).isInstanceOf(ScanStoreAwayException.class);
    assertThatThrownBy(() -> store().remove(SCAN_ID, List.of(reference)))
        .isInstanceOf(ScanStoreAwayException.class);
  }

  /** Like a failing disk, or a process without free file descriptors. */
  @Test
  void isUnavailableIfAnExistingObjectCannotBeOpened() throws Exception {
    Reference reference = put(SCAN_ID, BYTES);
    Path object = staging().resolve(NAME);
    Files.delete(object);
    Files.createSymbolicLink(object, object);

    assertThatThrownBy(() -> store().open(reference)).isInstanceOf(ScanStoreAwayException.class);
  }

  /** Ingest and preprocess-stream may run as two users of one group. */
  @Test
  void groupMayReadSubjectToTheUmask() throws Exception {
    put(SCAN_ID, BYTES);
    store().owner("cluster prefix.");

    assertThat(permissions(staging())).isEqualTo(asMade("rwxr-x---", Files::createDirectory));
    assertThat(permissions(staging().resolve(NAME)))
        .isEqualTo(permissions(staging().resolve("owner")))
        .isEqualTo(asMade("rw-r-----", Files::createFile));
  }

  @Test
  void deniesAnUnreadableObjectOfAReadableStore() throws Exception {
    store().owner("cluster prefix.");
    Reference reference = put(SCAN_ID, BYTES);
    deny(staging().resolve(NAME));

    assertThatThrownBy(() -> store().open(reference))
        .isInstanceOf(ScanDeniedException.class)
        .hasMessageStartingWith("scan store: " + reference.getUri() + ": access denied")
        .matches(failure -> !ScanStoreAwayException.isCauseOf(failure));

    deny(staging().resolve("owner"));
    assertThatThrownBy(() -> store().open(reference)).isInstanceOf(ScanStoreAwayException.class);
  }

  /** Creates something with {@link Files}. */
  @FunctionalInterface
  private interface Making {
    Path make(Path path, FileAttribute<?>... attributes) throws IOException;
  }

  private String asMade(String permissions, Making making) throws IOException {
    FileAttribute<?> asked =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    return permissions(making.make(temp.resolve(permissions), asked));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** Revokes all rights to a file; root keeps them. */
  private static void deny(Path file) throws IOException {
    Files.setPosixFilePermissions(file, Set.of());
    assumeFalse(Files.isReadable(file), "this user may read everything");
  }

  @Test
  void refusesScansWhenTheDiskIsNearlyFull() {
    ScanStore full = new DirectoryScanStore(temp, Long.MAX_VALUE);

    assertThatThrownBy(full::begin)
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            "\\d+ bytes free, expected at least 9223372036854775807 \\(scan-store-min-free\\)");
    assertThatThrownBy(full::requireRoom).hasMessageContaining("scan-store-min-free");
    assertThat(temp).isEmptyDirectory();
  }
}
