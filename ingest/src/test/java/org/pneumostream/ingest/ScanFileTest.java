package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanFileTest {
  @TempDir Path temp;

  @Test
  void findsFilesNamedLikeScansBelowADirectory() throws Exception {
    Path nii = file("a/CT-1.NII.gz");
    Path plain = file("b.nii");
    Path bnii = file("a/deep/c.bnii");
    Path header = file("p.hdr");
    Path image = file("p.img.gz");
    file("notes.txt");
    file("lone.hdr");
    file(".hidden.nii");
    file(".cache/d.nii");

    assertThat(ScanFile.expand(List.of(temp)))
        .containsExactlyInAnyOrder(
            single(nii), single(plain), single(bnii), new ScanFile(header, Optional.of(image)));
  }

  @Test
  void followsLinksToFoldersButNotInCircles() throws Exception {
    file("CT-0/a.nii");
    Path set = Files.createDirectory(temp.resolve("set"));
    Path normal = Files.createSymbolicLink(set.resolve("normal"), Path.of("../CT-0"));
    Files.createSymbolicLink(temp.resolve("CT-0/up"), temp);

    assertThat(ScanFile.expand(List.of(normal))).containsExactly(single(normal.resolve("a.nii")));
    assertThat(ScanFile.expand(List.of(set))).containsExactly(single(set.resolve("normal/a.nii")));
  }

  @Test
  void acceptsANamedFileWhateverItsName() throws Exception {
    Path file = file("scan-without-ending");

    assertThat(ScanFile.expand(List.of(file))).containsExactly(single(file));
  }

  @Test
  void returnsAPairOnceWhicheverHalfIsNamed() throws Exception {
    Path header = file("P.HDR.gz");
    Path image = file("P.img");

    ScanFile pair = new ScanFile(header, Optional.of(image));
    assertThat(ScanFile.expand(List.of(image, header))).containsExactly(pair);
    assertThat(ScanFile.expand(List.of(header, temp))).containsExactly(pair);
  }

  @Test
  void namesTheMissingHalf() throws Exception {
    assertThatThrownBy(() -> ScanFile.of(file("x.img")))
        .isInstanceOf(RejectedScanException.class)
        .hasMessage("x.img is half of a pair: no .hdr or .hdr.gz beside it");
  }

  @Test
  void refusesADirectoryWithoutScans() throws Exception {
    file("notes.txt");

    assertThatThrownBy(() -> ScanFile.expand(List.of(temp)))
        .isInstanceOf(RejectedScanException.class)
        .hasMessageStartingWith(temp + ": contains no scans");
  }

  @Test
  void refusesAMissingPath() {
    assertThatThrownBy(() -> ScanFile.expand(List.of(temp.resolve("gone.nii"))))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("gone.nii")
        .hasMessageContaining("no such file");
  }

  private static ScanFile single(Path file) {
    return new ScanFile(file, Optional.empty());
  }

  private Path file(String name) throws IOException {
    Path file = temp.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "x");
  }
}
