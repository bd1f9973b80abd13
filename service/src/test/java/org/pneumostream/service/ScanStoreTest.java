package org.pneumostream.service;

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

class ScanStoreTest {
  private static final byte[] BYTES = "abc".getBytes(StandardCharsets.US_ASCII);

  /** SHA-256 of "abc", from FIPS 180-2, appendix B.1. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static final String SCAN_ID = "0f".repeat(32);
  private static final String NAME = SCAN_ID + "." + ABC;

  @TempDir Path temp;

  @Test
  void takesNoScanWhenTooLittleOfTheDiskIsFree() {
    ScanStore store = new ScanStore(temp, Long.MAX_VALUE);

    assertThatThrownBy(store::begin)
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            "\\d+ bytes free, expected at least 9223372036854775807 \\(scan-store-min-free\\)");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void keepsBytesUnderTheirScansIdAndTheirHash() throws Exception {
    Reference reference = store().put(SCAN_ID, new ByteArrayInputStream(BYTES));

    assertThat(reference)
        .isEqualTo(new Reference(temp.resolve("store").resolve(NAME).toUri().toString(), 3L, ABC));
    try (InputStream kept = store().open(reference)) {
      assertThat(kept.readAllBytes()).isEqualTo(BYTES);
    }
  }

  @Test
  void keepsTheSameBytesOfAScanOnce() throws Exception {
    Reference first = store().put(SCAN_ID, new ByteArrayInputStream(BYTES));

    assertThat(store().put(SCAN_ID, new ByteArrayInputStream(BYTES))).isEqualTo(first);
    assertThat(files()).containsExactly(NAME);
  }

  @Test
  void takesBytesAsTheyCome() throws Exception {
    try (ScanStore.Incoming incoming = store().begin()) {
      incoming.write('a');
      incoming.write(new byte[] {'x', 'b', 'c', 'x'}, 1, 2);
      assertThat(files()).singleElement().asString().endsWith(".part");

      assertThat(incoming.commit(SCAN_ID).getSha256()).isEqualTo(ABC);
    }
    assertThat(files()).containsExactly(NAME);
  }

  @Test
  void leavesNothingOfWhatIsNotCommitted() throws Exception {
    try (ScanStore.Incoming incoming = store().begin()) {
      incoming.write(BYTES);
    }

    assertThat(files()).isEmpty();
  }

  @Test
  void leavesNothingOfAStreamThatBreaks() throws Exception {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("reset");
          }
        };

    assertThatThrownBy(() -> store().put(SCAN_ID, broken)).hasMessage("reset");
    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"abX", "ab", "abcd", ""})
  void findsOutAtTheEndThatAnObjectIsNotWhatItWas(String damaged) throws Exception {
    Reference reference = store().put(SCAN_ID, new ByteArrayInputStream(BYTES));
    Files.writeString(temp.resolve("store").resolve(NAME), damaged);

    try (InputStream kept = store().open(reference)) {
      assertThatThrownBy(kept::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(reference.getUri());
    }
  }

  @Test
  void checksWhatIsSkippedToo() throws Exception {
    Reference reference = store().put(SCAN_ID, new ByteArrayInputStream(BYTES));

    try (InputStream kept = store().open(reference)) {
      kept.skipNBytes(2);
      assertThat(kept.readAllBytes()).containsExactly('c');
    }
  }

  @Test
  void saysThatAnObjectIsGone() throws Exception {
    Reference reference = store().put(SCAN_ID, new ByteArrayInputStream(BYTES));
    Files.delete(temp.resolve("store").resolve(NAME));

    assertThatThrownBy(() -> store().open(reference)).hasMessageContaining("is gone");
  }

  @Test
  void opensNothingOutsideOfItself() throws Exception {
    Path secret = Files.writeString(temp.resolve("secret"), "abc");

    assertThatThrownBy(
            () -> store().open(new Reference(secret.toUri().toString(), 3L, "../secret")))
        .hasMessageContaining("sha256 is '../secret'");
    assertThatThrownBy(() -> store().open(new Reference(secret.toUri().toString(), 3L, ABC)))
        .hasMessageContaining("is not in");
  }

  @Test
  void removesOnlyWhatWasLeftHalfWrittenLongAgo() throws Exception {
    assertThat(store().removeAbandoned(Instant.now())).isZero();
    Reference whole = store().put(SCAN_ID, new ByteArrayInputStream(BYTES));
    Instant longAgo = Instant.parse("2026-01-01T00:00:00Z");
    Path old = Files.createFile(temp.resolve("store/incoming-1.part"));
    Files.setLastModifiedTime(old, FileTime.from(longAgo));
    Files.setLastModifiedTime(temp.resolve("store").resolve(NAME), FileTime.from(longAgo));

    try (ScanStore.Incoming underWay = store().begin()) {
      underWay.write(BYTES);
      assertThat(store().removeAbandoned(longAgo.plusSeconds(1))).isEqualTo(1);
      assertThat(underWay.commit(SCAN_ID)).isEqualTo(whole);
    }
    assertThat(files()).containsExactly(NAME);
  }

  @Test
  void opensWhatWasNamedByItsHashAlone() throws Exception {
    Path old = Files.createDirectories(temp.resolve("store")).resolve(ABC);
    Files.write(old, BYTES);

    try (InputStream kept = store().open(new Reference(old.toUri().toString(), 3L, ABC))) {
      assertThat(kept.readAllBytes()).isEqualTo(BYTES);
    }
  }

  @Test
  void removesAllOfAScanAndNothingElse() throws Exception {
    String other = "1e".repeat(32);
    store().put(SCAN_ID, new ByteArrayInputStream(BYTES));
    store().put(SCAN_ID, new ByteArrayInputStream(new byte[10]));
    store().put(other, new ByteArrayInputStream(BYTES));
    Path old = Files.write(temp.resolve("store").resolve(ABC), BYTES);
    Reference reference = new Reference(old.toUri().toString(), 3L, ABC);

    assertThat(store().remove(SCAN_ID, List.of(reference))).isEqualTo(3);
    assertThat(files()).containsExactly(other + "." + ABC);
    assertThat(store().remove(SCAN_ID, List.of(reference))).isZero();
  }

  @Test
  void removesNothingOfAScanThatLiesInAnotherStore() throws Exception {
    store().put(SCAN_ID, new ByteArrayInputStream(BYTES));
    Reference elsewhere =
        new ScanStore(temp.resolve("elsewhere")).put(SCAN_ID, new ByteArrayInputStream(BYTES));

    assertThatThrownBy(() -> store().remove(SCAN_ID, List.of(elsewhere)))
        .hasMessage(
            "scan store: the scan's file lies in another store, expected it in the one under"
                + " data-dir");
    assertThat(files()).containsExactly(NAME);
  }

  private ScanStore store() {
    return new ScanStore(temp.resolve("store"));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(temp.resolve("store"))) {
      return all.map(file -> file.getFileName().toString()).toList();
    }
  }
}
