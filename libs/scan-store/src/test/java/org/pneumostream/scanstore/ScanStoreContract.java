package org.pneumostream.scanstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.schemas.Reference;

/** The contract of every scan store. */
abstract class ScanStoreContract {
  static final byte[] BYTES = "abc".getBytes(StandardCharsets.US_ASCII);

  /** SHA-256 of "abc", from FIPS 180-2, appendix B.1. */
  static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  static final String SCAN_ID = "0f".repeat(32);
  static final String NAME = SCAN_ID + "." + ABC;

  @TempDir Path temp;

  /** The test's own store, empty when the test begins. */
  abstract ScanStore store();

  /** Another store, at another address. */
  abstract ScanStore another();

  /** Address of the test's store, with a slash at its end. */
  abstract String uri();

  /** Directory of incomplete objects. */
  abstract Path staging();

  /** Writes an object behind the store's back. */
  abstract void write(String name, byte[] bytes) throws IOException;

  /** Removes it behind the store's back. */
  abstract void delete(String name) throws IOException;

  /** The names of all complete objects. */
  abstract List<String> names() throws IOException;

  @Test
  void namesObjectsByScanIdAndHash() throws Exception {
    Reference reference = put(SCAN_ID, BYTES);

    assertThat(reference).isEqualTo(new Reference(uri() + NAME, 3L, ABC));
    assertThat(read(reference)).isEqualTo(BYTES);
    assertThat(halfWritten()).isEmpty();
  }

  @Test
  void storesTheSameBytesOfAScanOnce() throws Exception {
    Reference first = put(SCAN_ID, BYTES);

    assertThat(put(SCAN_ID, BYTES)).isEqualTo(first);
    assertThat(names()).containsExactly(NAME);
  }

  @Test
  void storesStreamedBytes() throws Exception {
    try (ScanUpload upload = store().begin()) {
      upload.write('a');
      upload.write(new byte[] {'x', 'b', 'c', 'x'}, 1, 2);
      assertThat(names()).isEmpty();

      assertThat(upload.commit(SCAN_ID).getSha256()).isEqualTo(ABC);
    }
    assertThat(names()).containsExactly(NAME);
    assertThat(halfWritten()).isEmpty();
  }

  @Test
  void leavesNothingOfAnUncommittedUpload() throws Exception {
    try (ScanUpload upload = store().begin()) {
      upload.write(BYTES);
    }

    assertThat(names()).isEmpty();
    assertThat(halfWritten()).isEmpty();
  }

  @Test
  void leavesNothingOfABrokenStream() throws Exception {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("reset");
          }
        };

    assertThatThrownBy(() -> store().put(SCAN_ID, broken)).hasMessage("reset");
    assertThat(names()).isEmpty();
    assertThat(halfWritten()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"abX", "ab", "abcd", ""})
  void detectsADamagedObjectAtItsEnd(String damaged) throws Exception {
    Reference reference = put(SCAN_ID, BYTES);
    write(NAME, damaged.getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> read(reference))
        .isInstanceOf(ScanDamagedException.class)
        .hasMessageStartingWith(
            "scan store: %s has %d bytes with SHA-256 ", reference.getUri(), damaged.length())
        .hasMessageEndingWith(", expected 3 with SHA-256 " + ABC);
  }

  @Test
  void checksSkippedBytesToo() throws Exception {
    Reference reference = put(SCAN_ID, BYTES);

    try (InputStream kept = store().open(reference)) {
      kept.skipNBytes(2);
      assertThat(kept.readAllBytes()).containsExactly('c');
    }
  }

  @Test
  void reportsAMissingObject() throws Exception {
    store().owner("me");
    Reference reference = put(SCAN_ID, BYTES);
    delete(NAME);

    assertThatThrownBy(() -> store().open(reference))
        .isInstanceOf(ScanGoneException.class)
        .hasMessage("scan store: " + reference.getUri() + " is gone")
        .matches(failure -> !ScanStoreAwayException.isCauseOf(failure));
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "../secret", ABC, "x/" + ABC, ABC + "/", "%2e%2e/" + ABC})
  void opensNothingOutsideTheStore(String name) {
    Reference reference = new Reference(uri() + name, 3L, ABC);

    assertThatThrownBy(() -> store().open(reference))
        .hasMessage("scan store: " + uri() + name + " is not in " + uri());
  }

  @Test
  void refusesReferencesToAnotherStoreAndInvalidHashes() throws Exception {
    Reference elsewhere = another().put(SCAN_ID, new ByteArrayInputStream(BYTES));

    assertThatThrownBy(() -> store().open(elsewhere)).hasMessageContaining("is not in " + uri());
    assertThatThrownBy(() -> store().open(new Reference(uri() + NAME, 3L, "../secret")))
        .hasMessageContaining("sha256 is '../secret'");
  }

  @Test
  void removesAllOfAScanAndNothingElse() throws Exception {
    String other = "1e".repeat(32);
    Reference reference = put(SCAN_ID, BYTES);
    put(SCAN_ID, new byte[10]);
    put(other, BYTES);

    assertThat(store().remove(SCAN_ID, List.of(reference))).isEqualTo(2);
    assertThat(names()).containsExactly(other + "." + ABC);
    assertThat(store().remove(SCAN_ID, List.of(reference))).isZero();
  }

  @Test
  void removesNothingIfAReferenceNamesAnotherStore() throws Exception {
    put(SCAN_ID, BYTES);
    Reference elsewhere = another().put(SCAN_ID, new ByteArrayInputStream(BYTES));

    assertThatThrownBy(() -> store().remove(SCAN_ID, List.of(elsewhere)))
        .hasMessage(
            "scan store: the scan's file is in another store, expected %s (scan-store)", uri());
    assertThat(names()).containsExactly(NAME);
  }

  @Test
  void listsObjectsNamedByAScanId() throws Exception {
    assertThat(store().objects()).isEmpty();
    Instant before = Instant.now().minusSeconds(2);
    put(SCAN_ID, BYTES);
    write("notes", BYTES);

    assertThat(store().objects())
        .singleElement()
        .satisfies(
            object -> {
              assertThat(object.scanId()).isEqualTo(SCAN_ID);
              assertThat(object.sha256()).isEqualTo(ABC);
              assertThat(object.writtenAt()).isBetween(before, Instant.now().plusSeconds(2));
            });
  }

  @Test
  void doesNotRemoveAListedObjectThatWasWrittenAgain() throws Exception {
    put(SCAN_ID, BYTES);
    StoredObject listed = store().objects().get(0);
    StoredObject older = new StoredObject(SCAN_ID, ABC, listed.writtenAt().minusSeconds(1));

    assertThat(store().remove(older)).isFalse();
    assertThat(names()).containsExactly(NAME);
    assertThat(store().remove(listed)).isTrue();
    assertThat(names()).isEmpty();
    assertThat(store().remove(listed)).isFalse();
  }

  @Test
  void belongsToTheFirstOwner() throws Exception {
    assertThat(store().owner("cluster prefix.")).isEqualTo("cluster prefix.");
    assertThat(store().owner("another prefix.")).isEqualTo("cluster prefix.");
    assertThat(store().owner("cluster prefix.")).isEqualTo("cluster prefix.");

    assertThat(store().objects()).isEmpty();
  }

  @Test
  void removesOnlyOldIncompleteObjects() throws Exception {
    assertThat(store().removeAbandoned(Instant.now())).isZero();
    Reference whole = put(SCAN_ID, BYTES);
    Instant longAgo = Instant.parse("2026-01-01T00:00:00Z");
    Path old = Files.createFile(staging().resolve("incoming-1.part"));
    Files.setLastModifiedTime(old, FileTime.from(longAgo));

    try (ScanUpload underWay = store().begin()) {
      underWay.write(BYTES);
      assertThat(store().removeAbandoned(longAgo.plusSeconds(1))).isEqualTo(1);
      assertThat(underWay.commit(SCAN_ID)).isEqualTo(whole);
    }
    assertThat(names()).containsExactly(NAME);
    assertThat(halfWritten()).isEmpty();
  }

  Reference put(String scanId, byte[] bytes) throws IOException {
    return store().put(scanId, new ByteArrayInputStream(bytes));
  }

  byte[] read(Reference reference) throws IOException {
    try (InputStream kept = store().open(reference)) {
      return kept.readAllBytes();
    }
  }

  List<String> halfWritten() throws IOException {
    try (Stream<Path> all = Files.list(staging())) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("incoming-"))
          .toList();
    }
  }
}
