package org.pneumostream.jnifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.jdata.InvalidDataException;

/**
 * Thousands of damaged scans, the same in every run: each is read or refused, and nothing else
 * happens.
 */
class MutationTest {
  private static final int ROUNDS = 3000;
  private static final byte[] TELLING = {0, 1, -1, 127, -128, '{', '[', '$', '#', ']', '}', '"'};

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int16-little.nii",
        "float64-big-2.nii.gz",
        "extension.nii",
        "extension-2.nii.gz",
        "qform.nii",
        "int16-zlib-jnii.jnii",
        "int16-lzma-jnii.jnii",
        "float32-None-jnii.jnii",
        "nested-jnii.jnii",
        "group.jnii",
        "annotated-header.jnii",
        "int16-zlib-bnii.bnii",
        "float32-gzip-bnii.bnii",
        "int16-lzma-bnii.bnii",
        "int16-packed.bnii",
        "nested-bnii.bnii",
      })
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void everyDamagedScanIsReadOrRefused(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Golden.FOLDER.resolve(name));
    Random random = new Random(name.hashCode());
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damage(whole, random);
      if (!isRead(damaged, name + ", round " + round)) {
        refused++;
      }
    }
    // A gzip's checksum finds nearly all; a plain file's voxels may be anything.
    assertThat(refused).as("of %d", ROUNDS).isBetween(ROUNDS / 20, ROUNDS);
  }

  private static boolean isRead(byte[] scan, String which) {
    try {
      Scans.readAll(scan);
      return true;
    } catch (InvalidDataException expected) {
      return false;
    } catch (IOException | RuntimeException | Error other) {
      return fail(which, other);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pair-1.hdr", "extension-pair.hdr"})
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void everyDamagedPairIsReadOrRefused(String name) throws IOException {
    Path header = Golden.FOLDER.resolve(name);
    byte[] headerBytes = Files.readAllBytes(header);
    byte[] image = Files.readAllBytes(Golden.FOLDER.resolve(name.replace(".hdr", ".img")));
    Random random = new Random(name.hashCode());
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damage(headerBytes, random);
      try (NiftiReader reader =
          NiftiReader.openPair(
              new ByteArrayInputStream(damaged), new ByteArrayInputStream(image), Scans.LIMITS)) {
        Scans.readAll(reader);
      } catch (InvalidDataException expected) {
        assertThat(expected.field()).isNotEmpty();
      }
    }
  }

  /** One to four bytes overwritten, bytes taken out, put in twice, or cut off at the end. */
  private static byte[] damage(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      byte any = (byte) random.nextInt(256);
      bytes[random.nextInt(bytes.length)] =
          random.nextBoolean() ? any : TELLING[random.nextInt(TELLING.length)];
    }
    int from = random.nextInt(bytes.length);
    int length = Math.min(random.nextInt(9), bytes.length - from);
    List<byte[]> ends =
        List.of(
            Arrays.copyOfRange(bytes, from, bytes.length),
            Arrays.copyOfRange(bytes, from + length, bytes.length),
            Arrays.copyOfRange(bytes, Math.max(0, from - length), bytes.length),
            new byte[0]);
    byte[] end = ends.get(random.nextInt(10) % ends.size());
    byte[] damaged = Arrays.copyOf(bytes, from + end.length);
    System.arraycopy(end, 0, damaged, from, end.length);
    return damaged;
  }
}
