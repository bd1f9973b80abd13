package org.pneumostream.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.pneumostream.ingest.RejectedScanException;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.phantom.Phantom;
import org.pneumostream.preprocess.Preprocessing;
import org.pneumostream.schemas.Finding;
import org.pneumostream.terminal.Progress;
import org.pneumostream.trainer.TrainingSet;

/** Puts the scans of the folders {@code normal} and {@code abnormal} into a training set. */
final class LabeledFolders {
  private final List<ScanFile> normal;
  private final List<ScanFile> abnormal;
  private int synthetic;

  /**
   * @throws RejectedScanException if a folder has no scans
   * @throws IOException if a folder is missing or cannot be read
   */
  LabeledFolders(Path directory) throws IOException, RejectedScanException {
    this.normal = ScanFile.expand(List.of(directory.resolve("normal")));
    this.abnormal = ScanFile.expand(List.of(directory.resolve("abnormal")));
  }

  /** How many scans there are. */
  int count() {
    return normal.size() + abnormal.size();
  }

  /** How many of those put in so far are phantoms. */
  int synthetic() {
    return synthetic;
  }

  void putInto(TrainingSet set, Preprocessing preprocessing) throws IOException {
    try (Progress progress = Progress.of("building the training set", count())) {
      put(normal, Finding.NORMAL, set, preprocessing, progress, 0);
      put(abnormal, Finding.ABNORMAL, set, preprocessing, progress, normal.size());
    }
  }

  private void put(
      List<ScanFile> scans,
      Finding finding,
      TrainingSet set,
      Preprocessing preprocessing,
      Progress progress,
      int done)
      throws IOException {
    for (int i = 0; i < scans.size(); i++) {
      short[] voxels = ScanReading.of(scans.get(i).file(), scan -> voxels(scan, preprocessing));
      String id = scans.get(i).scanId();
      set.put(id, id, finding, voxels);
      progress.to(done + i + 1L);
    }
  }

  private short[] voxels(NiftiReader scan, Preprocessing preprocessing) throws IOException {
    synthetic += Phantom.isOne(scan.header()) ? 1 : 0;
    return preprocessing.apply(scan).voxels();
  }
}
