package org.pneumostream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pneumostream.training.SyntheticScans.SHAPE;
import static org.pneumostream.training.SyntheticScans.scanId;
import static org.pneumostream.training.SyntheticScans.voxels;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.schemas.Finding;

class TrainingSetTest {
  private static final long RECORD_BYTES = 56 + 2L * SHAPE.voxels();

  @TempDir Path folder;
  private Path file;
  private TrainingSet set;

  @BeforeEach
  void create() {
    file = folder.resolve("set");
    set = TrainingSet.create(file, SHAPE);
  }

  @AfterEach
  void close() {
    set.close();
  }

  @Test
  void returnsExamplesOrderedByScanId() {
    put(1, "a", Finding.NORMAL, 1);
    put(2, "b", Finding.ABNORMAL, 2);
    put(3, "a", Finding.ABNORMAL, 3);

    Group both =
        new Group(Set.of(Split.hash("a")), Set.of(Split.hash(scanId(1)), Split.hash(scanId(3))));
    assertThat(set.examples())
        .containsExactlyElementsOf(
            Stream.of(
                    new Example(scanId(1), Split.hash("a"), Finding.NORMAL, both),
                    new Example(scanId(2), Split.hash("b"), Finding.ABNORMAL),
                    new Example(scanId(3), Split.hash("a"), Finding.ABNORMAL, both))
                .sorted(Comparator.comparing(Example::scanId))
                .toList());
    for (Example example : set.examples()) {
      int number = List.of(scanId(1), scanId(2), scanId(3)).indexOf(example.scanId()) + 1;
      assertThat(set.fixedPoint(example)).isEqualTo(voxels(number));
    }
  }

  @Test
  void voxelsAreFractionsOfFullScale() {
    short[] fixedPoint = new short[SHAPE.voxels()];
    fixedPoint[0] = (short) 65535;
    fixedPoint[1] = (short) 32768;
    fixedPoint[2] = 1;
    set.put(scanId(1), "a", Finding.NORMAL, fixedPoint);

    assertThat(set.voxels(set.examples().get(0))).startsWith(1f, 32768 / 65535f, 1 / 65535f, 0f);
  }

  @Test
  void aLaterExampleReplacesTheEarlierOneInPlace() throws IOException {
    put(1, "a", Finding.NORMAL, 1);
    put(1, "b", Finding.ABNORMAL, 2);

    assertThat(set.examples())
        .containsExactly(new Example(scanId(1), Split.hash("b"), Finding.ABNORMAL));
    assertThat(set.fixedPoint(set.examples().get(0))).isEqualTo(voxels(2));
    assertThat(Files.size(file)).isEqualTo(RECORD_BYTES);
  }

  @Test
  void removedScanMakesRoomForAnother() throws IOException {
    put(1, "a", Finding.NORMAL, 1);
    put(2, "a", Finding.NORMAL, 2);
    set.remove(scanId(1));
    set.remove(scanId(9));
    put(3, "a", Finding.NORMAL, 3);

    assertThat(set.examples()).extracting(Example::scanId).containsOnly(scanId(2), scanId(3));
    for (Example example : set.examples()) {
      int number = example.scanId().equals(scanId(2)) ? 2 : 3;
      assertThat(set.fixedPoint(example)).isEqualTo(voxels(number));
    }
    assertThat(Files.size(file)).isEqualTo(2 * RECORD_BYTES);
  }

  @Test
  void anotherProcessReadsTheSameExamples() {
    put(1, "a", Finding.NORMAL, 1);
    put(2, "b", Finding.ABNORMAL, 2);
    put(3, "c", Finding.ABNORMAL, 3);
    put(3, "d", Finding.NORMAL, 4);
    set.remove(scanId(1));
    set.force();

    try (TrainingSet other = TrainingSet.open(file, SHAPE)) {
      assertThat(other.examples()).isEqualTo(set.examples()).hasSize(2);
      for (Example example : other.examples()) {
        assertThat(other.fixedPoint(example)).isEqualTo(set.fixedPoint(example));
      }
    }
  }

  @Test
  void refusesToOpenAFileThatWasCutShort() throws IOException {
    put(1, "a", Finding.NORMAL, 1);
    try (RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
      other.setLength(RECORD_BYTES - 1);
    }

    assertThatThrownBy(() -> TrainingSet.open(file, SHAPE))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(
            "%d bytes, expected a multiple of %d".formatted(RECORD_BYTES - 1, RECORD_BYTES));
  }

  @Test
  void countsExcludedScansByReasonUntilAValidExample() {
    put(1, "a", Finding.NORMAL, 1);
    set.leaveOut(scanId(1), "shape is not 48x48x48");
    set.leaveOut(scanId(2), "shape is not 48x48x48");
    set.leaveOut(scanId(3), "preprocessing version is not 1");
    set.leaveOut(scanId(4), "preprocessing version is not 1");
    set.remove(scanId(4));
    set.leaveOut(scanId(5), "preprocessing version is not 1");
    put(5, "a", Finding.NORMAL, 5);

    assertThat(set.examples()).extracting(Example::scanId).containsExactly(scanId(5));
    assertThat(set.leftOut())
        .isEqualTo(Map.of("shape is not 48x48x48", 2L, "preprocessing version is not 1", 1L));
  }

  @Test
  void theSameVoxelsUnderAnotherIdStayOnOneSide() {
    Split split = new Split(0.3, 0.2);
    for (int i = 0; i < 20; i++) {
      put(i, scanId(i), Finding.NORMAL, i);
      put(100 + i, scanId(100 + i), Finding.NORMAL, i);
    }

    Map<Integer, Set<Subset>> sides = new TreeMap<>();
    for (Subset subset : Subset.values()) {
      for (Example example : set.examples(split, subset)) {
        int voxels = Arrays.hashCode(set.fixedPoint(example));
        sides.computeIfAbsent(voxels, v -> new HashSet<>()).add(subset);
      }
    }
    assertThat(sides).hasSize(20).values().allSatisfy(of -> assertThat(of).hasSize(1));
  }

  @Test
  void excludesATwinOnALaterSideAndNoScanChangesSides() {
    Split split = new Split(0.3, 0.2);
    put(1, keyOn(split, Subset.TRAINING), Finding.NORMAL, 1);
    put(2, keyOn(split, Subset.VALIDATION), Finding.NORMAL, 2);
    put(3, keyOn(split, Subset.HOLDOUT), Finding.NORMAL, 3);
    put(4, keyOn(split, Subset.HOLDOUT), Finding.NORMAL, 1);
    // Of the study on the validation side, with the voxels of a training scan.
    put(5, keyOn(split, Subset.VALIDATION), Finding.NORMAL, 6);
    put(6, scanId(6), Finding.NORMAL, 6);
    put(7, keyOn(split, Subset.HOLDOUT), Finding.NORMAL, 7);

    assertThat(split.subset(Split.hash(scanId(6)))).isEqualTo(Subset.TRAINING);
    assertThat(ids(split, Subset.TRAINING)).containsExactlyInAnyOrder(scanId(1), scanId(6));
    assertThat(ids(split, Subset.VALIDATION)).isEmpty();
    assertThat(ids(split, Subset.HOLDOUT)).isEmpty();
    assertThat(set.leftOut(split))
        .isEqualTo(Map.of("voxels are on another side of the split under another key", 5L));
  }

  private List<String> ids(Split split, Subset subset) {
    return set.examples(split, subset).stream().map(Example::scanId).toList();
  }

  private static String keyOn(Split split, Subset subset) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> "study " + i)
        .filter(key -> split.subset(Split.hash(key)) == subset)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void refusesVoxelsOfAnotherShape() {
    assertThatThrownBy(() -> set.put(scanId(1), "a", Finding.NORMAL, new short[10]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("voxels: 10, expected 110592 for 48x48x48");
  }

  @Test
  void refusesAnInvalidScanId() {
    assertThatThrownBy(() -> put("scan-1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("scan id: 'scan-1', expected a SHA-256 in lowercase hex");
  }

  @Test
  void detectsAChangedFile() throws IOException {
    put(1, "a", Finding.NORMAL, 1);
    try (RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
      other.write(new byte[32]);
    }

    assertThatThrownBy(() -> set.fixedPoint(set.examples().get(0)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("record 0 was changed since it was written");
  }

  @Test
  void detectsATruncatedFile() throws IOException {
    put(1, "a", Finding.NORMAL, 1);
    try (RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
      other.setLength(RECORD_BYTES - 1);
    }

    assertThatThrownBy(() -> set.fixedPoint(set.examples().get(0)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("ends within record 0");
  }

  private void put(int number, String splitKey, Finding finding, int voxels) {
    set.put(scanId(number), splitKey, finding, voxels(voxels));
  }

  private void put(String scanId) {
    set.put(scanId, "a", Finding.NORMAL, voxels(1));
  }
}
