package org.pneumostream.ingest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.scanstore.ScanLimits;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

/**
 * Configuration of the doors.
 *
 * @param port port to listen on; 0 for any free one
 * @param inlineMaxBytes largest scan kept inside its record; larger ones go to the store
 * @param maxScanBytes largest scan accepted, in bytes as pushed; at least 1
 * @param readLimits largest scan accepted, uncompressed and along an axis
 * @param maxConcurrentPushes most scans pushed over HTTP at the same time; at least 1
 * @param maxPushShare share of them that one token may have, above 0 and up to 1
 * @param publishTimeout longest wait for the brokers; at least 1 s
 * @param watch watched folder, if any
 * @param watchSettle how long a file in it must not have changed; positive
 * @param pseudonyms replace study keys, if set
 */
public record IngestConfig(
    int port,
    int inlineMaxBytes,
    long maxScanBytes,
    ReadLimits readLimits,
    int maxConcurrentPushes,
    double maxPushShare,
    Duration publishTimeout,
    Optional<Path> watch,
    Duration watchSettle,
    Optional<StudyPseudonyms> pseudonyms) {

  public static final Setting<Integer> INGEST_PORT =
      Setting.integer("ingest-port", 8080, 0, 65535, "HTTP port of ingest; 0 for any free one.");
  public static final Setting<Long> MAX_SCAN_BYTES =
      Setting.size(
          "max-scan-bytes", "1 GiB", 1, 1L << 40, "Largest scan accepted, in bytes as pushed.");
  public static final Setting<Integer> MAX_CONCURRENT_PUSHES =
      Setting.integer(
          "max-concurrent-pushes",
          32,
          1,
          200,
          "Most scans pushed over HTTP at the same time; each takes up to inline-max-bytes of memory.");
  public static final Setting<Double> MAX_PUSH_SHARE =
      Setting.decimal(
          "max-push-share-per-token",
          0.5,
          0.01,
          1,
          "Share of max-concurrent-pushes that one token may have in flight, rounded up.");
  public static final Setting<Duration> PUBLISH_TIMEOUT =
      Setting.duration(
          "publish-timeout",
          "20 s",
          Duration.ofSeconds(1),
          Duration.ofHours(1),
          "Longest wait for the brokers to accept a scan; after it the client is told to retry.");
  public static final Setting<Path> WATCH =
      Setting.path(
          "watch", "", "Folder whose files are published, then moved to its done/ or rejected/.");
  public static final Setting<Duration> WATCH_SETTLE =
      Setting.duration(
          "watch-settle",
          "10 s",
          Duration.ofMillis(1),
          Duration.ofHours(24),
          "How long a file in the watched folder must not have changed before it is read; one that"
              + " ends with zeros waits a minute longer.");

  public static final Setting<String> STUDY_KEY_SECRET =
      Setting.secret(
          "study-key-secret",
          "Replaces study keys by their HMAC-SHA-256 under this secret; equal wherever scans are"
              + " pushed.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(IngestConfig.class);

  public IngestConfig {
    Objects.requireNonNull(readLimits, "readLimits");
    Objects.requireNonNull(watch, "watch");
    Objects.requireNonNull(pseudonyms, "pseudonyms");
    requireAtLeast("port", port, 0);
    requireAtLeast("inlineMaxBytes", inlineMaxBytes, 0);
    requireAtLeast("maxScanBytes", maxScanBytes, 1);
    requireAtLeast("maxConcurrentPushes", maxConcurrentPushes, 1);
    if (!(maxPushShare > 0 && maxPushShare <= 1)) {
      throw new IllegalArgumentException(
          "maxPushShare: " + maxPushShare + ", expected above 0 and at most 1");
    }
    requireAtLeast("publishTimeout in ms", publishTimeout.toMillis(), 1000);
    requireAtLeast("watchSettle in ms", watchSettle.toMillis(), 1);
  }

  public static IngestConfig from(Settings settings) {
    return new IngestConfig(
        settings.get(INGEST_PORT),
        Math.toIntExact(settings.get(KafkaSettings.INLINE_MAX_BYTES)),
        settings.get(MAX_SCAN_BYTES),
        new ReadLimits(
            settings.get(ScanLimits.MAX_UNCOMPRESSED_BYTES),
            settings.get(ScanLimits.MAX_DIMENSION)),
        settings.get(MAX_CONCURRENT_PUSHES),
        settings.get(MAX_PUSH_SHARE),
        settings.get(PUBLISH_TIMEOUT),
        settings.has(WATCH) ? Optional.of(settings.get(WATCH)) : Optional.empty(),
        settings.get(WATCH_SETTLE),
        settings.has(STUDY_KEY_SECRET)
            ? Optional.of(pseudonyms(settings.get(STUDY_KEY_SECRET)))
            : Optional.empty());
  }

  private static StudyPseudonyms pseudonyms(String secret) {
    try {
      return new StudyPseudonyms(secret);
    } catch (IllegalArgumentException e) {
      throw new SettingException(STUDY_KEY_SECRET.key() + ": " + e.getMessage());
    }
  }

  private static void requireAtLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + ", expected at least " + least);
    }
  }
}
