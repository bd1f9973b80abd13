package org.pneumostream.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.pneumostream.ingest.RejectedScanException;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.offline.ScanReading;
import org.pneumostream.phantom.Phantom;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.schemas.Finding;
import org.pneumostream.terminal.Progress;
import org.pneumostream.training.TrainingSet;

/** Adds the scans of the folders {@code normal} and {@code abnormal} to a training set. */
final class LabeledFolders {
  private final List<ScanFile> normal;
  private final List<ScanFile> abnormal;
  private final Consumer<IOException> unusable;
  private int synthetic;

  /**
   * @param unusable receives an exception for each unusable scan, which names it
   * @throws RejectedScanException if a folder has no scans
   * @throws IOException if a folder is missing or cannot be read
   */
  LabeledFolders(Path directory, Consumer<IOException> unusable)
      throws IOException, RejectedScanException {
    this.normal = ScanFile.expand(List.of(directory.resolve("normal")));
    this.abnormal = ScanFile.expand(List.of(directory.resolve("abnormal")));
    this.unusable = unusable;
  }

  /** Number of scans. */
  int count() {
    return normal.size() + abnormal.size();
  }

  /** Number of phantoms among the scans added so far. */
  int synthetic() {
    return synthetic;
  }

  /** Returns whether all scans could be added. */
  boolean putInto(TrainingSet set, Preprocessing preprocessing) throws IOException {
    try (Progress progress = Progress.of("building the training set", count())) {
      int taken = put(normal, Finding.NORMAL, set, preprocessing, progress, 0);
      taken += put(abnormal, Finding.ABNORMAL, set, preprocessing, progress, normal.size());
      return taken == count();
    }
  }

  /** Returns the number of scans added. */
  private int put(
      List<ScanFile> scans,
      Finding finding,
      TrainingSet set,
      Preprocessing preprocessing,
      Progress progress,
      int done)
      throws IOException {
    int taken = 0;
    for (int i = 0; i < scans.size(); i++) {
      Optional<short[]> voxels = voxels(scans.get(i).file(), preprocessing);
      if (voxels.isPresent()) {
        String id = scans.get(i).scanId();
        set.put(id, id, finding, voxels.get());
        taken++;
      }
      progress.to(done + i + 1L);
    }
    return taken;
  }

  private Optional<short[]> voxels(Path file, Preprocessing preprocessing) {
    try {
      return Optional.of(ScanReading.of(file, scan -> voxels(scan, preprocessing)));
    } catch (IOException e) {
      unusable.accept(e);
      return Optional.empty();
    }
  }

  private short[] voxels(NiftiReader scan, Preprocessing preprocessing) throws IOException {
    synthetic += Phantom.isOne(scan.header()) ? 1 : 0;
    return preprocessing.apply(scan).voxels();
  }
}
