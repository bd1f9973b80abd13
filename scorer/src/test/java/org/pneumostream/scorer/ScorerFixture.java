package org.pneumostream.scorer;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.Precision;
import org.pneumostream.runtime.LostPosition;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Topics;
import org.pneumostream.schemas.Volume;
import org.pneumostream.schemas.VolumeRecords;
import org.pneumostream.support.InMemoryKafka;
import org.pneumostream.support.OverflowingWeights;
import org.pneumostream.support.SampleRecords;
import org.pneumostream.volume.InputShape;

/** Topics, volumes and models at the small shape. */
final class ScorerFixture {
  static final InputShape SHAPE = InputShape.SMALL;
  static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05Z");
  static final Instant NOW = Instant.parse("2026-01-02T03:04:09Z");

  final Topics topics = InMemoryKafka.topics("");

  static ScorerConfig config(int batchMax) {
    return config(batchMax, Duration.ZERO);
  }

  static ScorerConfig config(int batchMax, Duration batchWait) {
    return new ScorerConfig(
        "pneumonia", SHAPE, Precision.FULL, batchMax, batchWait, 0.5, LostPosition.STOP, 0);
  }

  /** Untrained weights, as the trainer publishes them. */
  static ModelVersion model(String version, long seed) {
    byte[] safetensors =
        ModelWeights.initial(seed)
            .withMetadata(Map.of("synthetic", "8 of 8 scans"))
            .toSafetensors();
    return model(version, safetensors);
  }

  /** Finite weights, with which the network's own values are infinite. */
  static ModelVersion overflowingModel(String version) {
    return model(version, OverflowingWeights.of(SHAPE).toSafetensors());
  }

  private static ModelVersion model(String version, byte[] safetensors) {
    return SampleRecords.modelVersion(version)
        .setSha256(ModelWeights.hash(safetensors))
        .setWeights(ByteBuffer.wrap(safetensors))
        .setArchitecture(ModelWeights.ARCHITECTURE)
        .setInputShape(VolumeRecords.shape(SHAPE))
        .setOrientation("canonical")
        .setCreatedAt(RECEIVED)
        .build();
  }

  static Volume volume(long seed) {
    byte[] voxels = new byte[2 * SHAPE.voxels()];
    new SplittableRandom(seed).nextBytes(voxels);
    return SampleRecords.volume(SHAPE, ByteBuffer.wrap(voxels))
        .setWarnings(List.of("number of slices is 4, expected at least 10"))
        .setReceivedAt(RECEIVED)
        .setPreprocessedAt(RECEIVED.plusSeconds(1))
        .setPreprocessMillis(30)
        .build();
  }

  ConsumerRecord<String, byte[]> record(long offset, String key, Volume volume) {
    byte[] value = volume == null ? null : topics.volumes().record(key, volume).value();
    return new ConsumerRecord<>(topics.volumes().name(), 0, offset, key, value);
  }
}
