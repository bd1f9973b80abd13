package org.pneumostream.preprocess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Arrays;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.preprocessing.NetworkVolume;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanGeometry;
import org.pneumostream.schemas.Volume;
import org.pneumostream.schemas.VolumeRecords;

/** Converts a pushed scan to the record of its network-ready volume. */
final class ScanToVolume {
  private final Preprocessing preprocessing;
  private final ScanStore store;
  private final ReadLimits limits;
  private final InstantSource clock;

  ScanToVolume(
      Preprocessing preprocessing, ScanStore store, ReadLimits limits, InstantSource clock) {
    this.preprocessing = preprocessing;
    this.store = store;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * @throws UncheckedIOException if the scan is malformed, or missing from the store
   */
  Volume apply(Scan scan) {
    long start = System.nanoTime();
    try {
      return StoredScan.read(scan, store, limits, reader -> volume(scan, reader, start));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Volume volume(Scan scan, NiftiReader reader, long start) throws IOException {
    NetworkVolume volume = preprocessing.apply(reader);
    return Volume.newBuilder()
        .setShape(VolumeRecords.shape(volume.shape()))
        .setVoxels(ByteBuffer.wrap(volume.toLittleEndian()))
        .setPreprocessingVersion(Preprocessing.VERSION)
        .setOrientationPolicy(preprocessing.orientation().toString())
        .setGeometry(geometry(reader.header()))
        .setWarnings(volume.warnings())
        .setStudyKey(scan.getStudyKey())
        .setReceivedAt(scan.getReceivedAt())
        .setPreprocessedAt(clock.instant())
        .setPreprocessMillis((System.nanoTime() - start) / 1e6)
        .build();
  }

  private static ScanGeometry geometry(NiftiHeader header) {
    return new ScanGeometry(
        header.format().name(),
        header.dims(),
        Arrays.stream(header.spacingMm()).boxed().toList(),
        header.orientation(),
        header.datatype().toString());
  }
}
