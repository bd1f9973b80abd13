package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files of a watched folder become scans, and when. */
class WatchedFolderTest extends WatchedFolderFixture {
  @Test
  void publishesAFileOnceItHasSettled() throws Exception {
    bring("volume.nii.gz", "a.nii.gz");

    folder.look();
    clock.pass(Duration.ofMillis(1999));
    folder.look();
    assertThat(ids()).isEmpty();

    clock.pass(Duration.ofMillis(1));
    folder.look();
    folder.look();
    assertThat(ids()).containsExactly(Scans.id("volume.nii"));
    assertThat(Scans.filesIn(inbox)).containsExactly("done/a.nii.gz");
    assertThat(Files.readAllBytes(inbox.resolve("done/a.nii.gz")))
        .isEqualTo(Scans.bytes("volume.nii.gz"));
  }

  @Test
  void waitsWhileAFileGrowsOrIsTouched() throws Exception {
    byte[] whole = Scans.bytes("volume.nii.gz");
    Path file = inbox.resolve("a.nii.gz");
    for (int length = 1000; length < 5000; length += 1000) {
      Files.write(file, Arrays.copyOf(whole, length));
      folder.look();
      clock.pass(Duration.ofMillis(1999));
      folder.look();
    }
    Files.write(file, whole);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    folder.look();
    clock.pass(SETTLE);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:01Z")));
    folder.look();
    assertThat(Scans.filesIn(inbox)).containsExactly("a.nii.gz");

    clock.pass(SETTLE);
    folder.look();
    assertThat(ids()).containsExactly(Scans.id("volume.nii"));
  }

  @Test
  void rejectsWhatIsNotAScanWithTheReason() throws Exception {
    Files.writeString(inbox.resolve("letter.txt"), "Dear colleague");
    Files.createFile(inbox.resolve("empty.nii"));
    bring("volume.nii.gz", "good.nii.gz");
    settle();
    // Its bytes may still arrive.
    assertThat(Scans.filesIn(inbox)).contains("empty.nii");
    clock.pass(Duration.ofMinutes(1));
    folder.look();

    assertThat(Scans.filesIn(inbox))
        .containsExactly(
            "done/good.nii.gz",
            "rejected/empty.nii",
            "rejected/empty.nii.error.txt",
            "rejected/letter.txt",
            "rejected/letter.txt.error.txt");
    assertThat(inbox.resolve("rejected/letter.txt")).hasContent("Dear colleague");
    assertThat(Files.readString(inbox.resolve("rejected/letter.txt.error.txt")))
        .startsWith("not a scan: ")
        .endsWith("\n");
    assertThat(Files.readString(inbox.resolve("rejected/empty.nii.error.txt")))
        .isEqualTo("the scan is empty\n");
  }

  @Test
  void publishesAPairTogether() throws Exception {
    bring("pair.hdr", "p.hdr");
    settle();
    assertThat(Scans.filesIn(inbox)).containsExactly("p.hdr");

    bring("gzipped-pair.img.gz", "p.img.gz");
    settle();
    assertThat(ids()).containsExactly(Scans.id("pair.hdr"));
    assertThat(Scans.filesIn(inbox)).containsExactly("done/p.hdr", "done/p.img.gz");
  }

  @Test
  void refusesHalfOfAPairThatStaysAlone() throws Exception {
    bring("pair.img", "p.img");
    folder.look();
    clock.pass(Duration.ofSeconds(61));
    folder.look();
    assertThat(Scans.filesIn(inbox)).containsExactly("p.img");

    clock.pass(Duration.ofSeconds(1));
    folder.look();
    assertThat(Scans.filesIn(inbox)).containsExactly("rejected/p.img", "rejected/p.img.error.txt");
    assertThat(inbox.resolve("rejected/p.img.error.txt"))
        .hasContent("p.img is half of a pair: no .hdr or .hdr.gz beside it");
  }

  @ParameterizedTest
  @ValueSource(strings = {".hidden.nii.gz", "a.nii.gz.part", "a.nii.gz.TMP", "normal/a.nii.gz"})
  void ignoresHiddenAndPartialFiles(String name) throws Exception {
    Files.createDirectories(inbox.resolve(name).getParent());
    bring("volume.nii.gz", name);
    settle();

    assertThat(ids()).isEmpty();
    assertThat(Scans.filesIn(inbox)).containsExactly(name);
  }

  /** Like a paused copy that set the file's length first. */
  @Test
  void waitsAMinuteLongerForAFileThatEndsWithZeros() throws Exception {
    byte[] whole = Scans.noise(48);
    Path file = inbox.resolve("a.nii");
    Files.write(file, Arrays.copyOf(Arrays.copyOf(whole, whole.length / 2), whole.length));
    settle();
    clock.pass(Duration.ofSeconds(59));
    folder.look();
    assertThat(ids()).isEmpty();

    Files.write(file, whole);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    settle();
    assertThat(Scans.filesIn(inbox)).containsExactly("done/a.nii");
    assertThat(ids()).hasSize(1);
  }

  /** Air may be stored as zero, so a scan may end with zeros. */
  @Test
  void publishesAFileThatEndsWithZerosEventually() throws Exception {
    byte[] scan = Scans.noise(48);
    Arrays.fill(scan, scan.length - 5000, scan.length, (byte) 0);
    Files.write(inbox.resolve("a.nii"), scan);
    settle();
    assertThat(ids()).isEmpty();

    clock.pass(Duration.ofMinutes(1));
    folder.look();
    assertThat(Scans.filesIn(inbox)).containsExactly("done/a.nii");
  }

  @Test
  void rejectsACopyWithNothingButTheHeader() throws Exception {
    byte[] whole = Scans.noise(48);
    Files.write(inbox.resolve("a.nii"), Arrays.copyOf(Arrays.copyOf(whole, 352), whole.length));
    settle();
    clock.pass(Duration.ofMinutes(1));
    folder.look();

    assertThat(ids()).isEmpty();
    assertThat(inbox.resolve("rejected/a.nii.error.txt"))
        .hasContent("not a scan: all 196608 voxels are equal; is the file an incomplete copy?");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void ignoresAFileThatAProcessHasOpenForWriting() throws Exception {
    bring("volume.nii.gz", "a.nii.gz");
    bring("volume-nifti2.nii.gz", "b.nii.gz");
    try (FileChannel writer =
            FileChannel.open(inbox.resolve("a.nii.gz"), StandardOpenOption.WRITE);
        FileChannel reader = FileChannel.open(inbox.resolve("b.nii.gz"))) {
      settle();
      assertThat(writer.isOpen() && reader.isOpen()).isTrue();
      assertThat(ids()).containsExactly(Scans.id("volume-nifti2.nii.gz"));
    }
    folder.look();
    assertThat(ids()).hasSize(2);
  }

  @Test
  void writesTheReasonBesideAFileOfTheLongestName() throws Exception {
    String name = "a".repeat(251) + ".nii";
    Files.writeString(inbox.resolve(name), "Dear colleague");
    settle();

    assertThat(Scans.filesIn(inbox)).hasSize(2).contains("rejected/" + name);
  }

  @Test
  void doesNotOverwriteFilesInDone() throws Exception {
    bring("volume.nii.gz", "a.nii.gz");
    settle();
    bring("volume-nifti2.nii.gz", "a.nii.gz");
    settle();

    assertThat(Scans.filesIn(inbox)).containsExactly("done/2-a.nii.gz", "done/a.nii.gz");
    assertThat(inbox.resolve("done/a.nii.gz")).hasBinaryContent(Scans.bytes("volume.nii.gz"));
  }
}
