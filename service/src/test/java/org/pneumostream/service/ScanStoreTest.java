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

  @TempDir Path temp;

  @Test
  void keepsBytesUnderTheirHash() throws Exception {
    Reference reference = store().put(new ByteArrayInputStream(BYTES));

    assertThat(reference)
        .isEqualTo(new Reference(temp.resolve("store").resolve(ABC).toUri().toString(), 3L, ABC));
    try (InputStream kept = store().open(reference)) {
      assertThat(kept.readAllBytes()).isEqualTo(BYTES);
    }
  }

  @Test
  void keepsTheSameBytesOnce() throws Exception {
    Reference first = store().put(new ByteArrayInputStream(BYTES));

    assertThat(store().put(new ByteArrayInputStream(BYTES))).isEqualTo(first);
    assertThat(files()).containsExactly(ABC);
  }

  @Test
  void takesBytesAsTheyCome() throws Exception {
    try (ScanStore.Incoming incoming = store().begin()) {
      incoming.write('a');
      incoming.write(new byte[] {'x', 'b', 'c', 'x'}, 1, 2);
      assertThat(files()).singleElement().asString().endsWith(".part");

      assertThat(incoming.commit().getSha256()).isEqualTo(ABC);
    }
    assertThat(files()).containsExactly(ABC);
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

    assertThatThrownBy(() -> store().put(broken)).hasMessage("reset");
    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"abX", "ab", "abcd", ""})
  void findsOutAtTheEndThatAnObjectIsNotWhatItWas(String damaged) throws Exception {
    Reference reference = store().put(new ByteArrayInputStream(BYTES));
    Files.writeString(temp.resolve("store").resolve(ABC), damaged);

    try (InputStream kept = store().open(reference)) {
      assertThatThrownBy(kept::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(reference.getUri());
    }
  }

  @Test
  void checksWhatIsSkippedToo() throws Exception {
    Reference reference = store().put(new ByteArrayInputStream(BYTES));

    try (InputStream kept = store().open(reference)) {
      kept.skipNBytes(2);
      assertThat(kept.readAllBytes()).containsExactly('c');
    }
  }

  @Test
  void saysThatAnObjectIsGone() throws Exception {
    Reference reference = store().put(new ByteArrayInputStream(BYTES));
    Files.delete(temp.resolve("store").resolve(ABC));

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
    Reference whole = store().put(new ByteArrayInputStream(BYTES));
    Instant longAgo = Instant.parse("2026-01-01T00:00:00Z");
    Path old = Files.createFile(temp.resolve("store/incoming-1.part"));
    Files.setLastModifiedTime(old, FileTime.from(longAgo));
    Files.setLastModifiedTime(temp.resolve("store").resolve(ABC), FileTime.from(longAgo));

    try (ScanStore.Incoming underWay = store().begin()) {
      underWay.write(BYTES);
      assertThat(store().removeAbandoned(longAgo.plusSeconds(1))).isEqualTo(1);
      assertThat(underWay.commit()).isEqualTo(whole);
    }
    assertThat(files()).containsExactly(ABC);
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
