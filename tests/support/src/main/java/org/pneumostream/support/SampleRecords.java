package org.pneumostream.support;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.ScanGeometry;
import org.pneumostream.schemas.Volume;
import org.pneumostream.schemas.VolumeRecords;
import org.pneumostream.schemas.VolumeShape;
import org.pneumostream.volume.InputShape;

/** Valid records with every required field set; a test sets the fields that it is about. */
public final class SampleRecords {
  private static final String SHA256 = "0".repeat(64);

  private SampleRecords() {}

  /** A volume of one voxel. */
  public static Volume.Builder volume() {
    return Volume.newBuilder()
        .setShape(new VolumeShape(1, 1, 1))
        .setVoxels(ByteBuffer.wrap(new byte[2]))
        .setPreprocessingVersion(1)
        .setOrientationPolicy("canonical")
        .setGeometry(
            new ScanGeometry("NIFTI1", List.of(1, 1, 1), List.of(1.0, 1.0, 1.0), "RAS", "int16"))
        .setReceivedAt(Instant.EPOCH)
        .setPreprocessedAt(Instant.EPOCH)
        .setPreprocessMillis(1);
  }

  /** A volume of a scan of the same shape. */
  public static Volume.Builder volume(InputShape shape, ByteBuffer voxels) {
    List<Integer> voxelsPerAxis = List.of(shape.width(), shape.height(), shape.depth());
    return volume()
        .setShape(VolumeRecords.shape(shape))
        .setVoxels(voxels)
        .setGeometry(
            new ScanGeometry("NIFTI1", voxelsPerAxis, List.of(1.0, 1.0, 1.0), "RAS", "int16"));
  }

  public static Prediction.Builder prediction() {
    return Prediction.newBuilder()
        .setProbabilityAbnormal(0.5)
        .setProbabilityNormal(0.5)
        .setFinding(Finding.ABNORMAL)
        .setModelName("pneumonia")
        .setModelVersion("1")
        .setModelSha256(SHA256)
        .setReceivedAt(Instant.EPOCH)
        .setPreprocessedAt(Instant.EPOCH)
        .setScoredAt(Instant.EPOCH)
        .setPreprocessMillis(1)
        .setInferenceMillis(1)
        .setBatchSize(1);
  }

  /** A letter of the scorer's. */
  public static DeadLetter.Builder deadLetter() {
    return DeadLetter.newBuilder()
        .setStage("scorer")
        .setTopic("volumes")
        .setPartition(0)
        .setOffset(0)
        .setError("Exception")
        .setReason("no reason")
        .setFailedAt(Instant.EPOCH);
  }

  /** A version without weights. */
  public static ModelVersion.Builder modelVersion(String version) {
    return ModelVersion.newBuilder()
        .setName("pneumonia")
        .setVersion(version)
        .setSha256(SHA256)
        .setArchitecture("any")
        .setInputShape(new VolumeShape(128, 128, 64))
        .setPreprocessingVersion(1)
        .setCreatedAt(Instant.EPOCH);
  }
}
