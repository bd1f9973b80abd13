package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.scanstore.DirectoryScanStore;

/** A scan store on a failing disk. Skipped if no disk can be mounted, like in the crash suite. */
@Timeout(60)
class LoopDiskIT {
  private static final String SCAN_ID = "0".repeat(64);
  private static final byte[] SCAN = new byte[256 << 10];

  @TempDir Path directory;
  private Path mounted;
  private LoopDisk disk;
  private DirectoryScanStore store;

  @BeforeEach
  void mount() throws IOException {
    mounted = directory.resolve("scan-store");
    Optional<LoopDisk> mount = LoopDisk.mount(directory.resolve("disk.img"), mounted, 16 << 20);
    assumeTrue(mount.isPresent(), "no file system may be mounted here");
    disk = mount.get();
    store = new DirectoryScanStore(mounted);
  }

  @AfterEach
  void unmount() throws IOException {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void refusesScansWhileTheDiskIsFull() throws Exception {
    disk.fill();

    assertThatThrownBy(() -> store.put(SCAN_ID, new ByteArrayInputStream(SCAN)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
    assertThat(objects()).isZero();

    disk.drain();
    assertThat(store.put(SCAN_ID, new ByteArrayInputStream(SCAN)).getLength())
        .isEqualTo(SCAN.length);
    assertThat(objects()).isEqualTo(1);
  }

  @Test
  void acceptsTheScanWhenAHangingDiskRecovers() throws Exception {
    disk.freeze();
    CompletableFuture<Void> put = CompletableFuture.runAsync(this::put);

    // Never accepted while the disk hangs.
    assertThatThrownBy(() -> put.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    disk.thaw();
    put.join();

    assertThat(objects()).isEqualTo(1);
  }

  private void put() {
    try {
      store.put(SCAN_ID, new ByteArrayInputStream(SCAN));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long objects() throws IOException {
    try (Stream<Path> files = Files.list(mounted)) {
      return files
          .filter(file -> !file.endsWith("lost+found") && !file.endsWith("filling"))
          .count();
    }
  }
}
