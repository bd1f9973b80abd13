package org.pneumostream.scanstore;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pneumostream.settings.DataDir;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;

/**
 * Where scans too large for a record lie.
 *
 * @param directory on this machine through which scans go into the store; without a bucket the
 *     store
 * @param bucket the store, if it is in S3: {@code s3://BUCKET/PREFIX}
 * @param endpoint of an S3 that is not Amazon's, if it is not
 * @param pathStyle whether requests to that endpoint name the bucket in their path
 * @param minFreeBytes free disk below which no scan goes into the store
 */
public record ScanStoreConfig(
    Path directory,
    Optional<URI> bucket,
    Optional<URI> endpoint,
    boolean pathStyle,
    long minFreeBytes) {
  public static final Setting<URI> SCAN_STORE =
      new Setting<>(
          "scan-store",
          "",
          "file:///DIRECTORY or s3://BUCKET/PREFIX",
          "Where scans too large for a record lie, the same for all services; scan-store under"
              + " data-dir unless set.",
          ScanStoreConfig::uri);
  public static final Setting<URI> S3_ENDPOINT =
      new Setting<>(
          "scan-store-s3-endpoint",
          "",
          "an http or https URL",
          "Address of an S3 that is not Amazon's. Region and credentials come from where AWS tools"
              + " have them: AWS_REGION, AWS_ACCESS_KEY_ID, a profile, a role.",
          ScanStoreConfig::endpoint);
  public static final Setting<Boolean> S3_PATH_STYLE =
      Setting.flag(
          "scan-store-s3-path-style",
          true,
          "Whether requests to scan-store-s3-endpoint name the bucket in their path; in the host"
              + " otherwise.");
  public static final Setting<Long> MIN_FREE =
      Setting.size(
          "scan-store-min-free",
          "1 GiB",
          0,
          1L << 50,
          "Free disk below which no scan goes into the scan store; whoever pushes is told to retry.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(ScanStoreConfig.class);

  public static ScanStoreConfig from(Settings settings) {
    Path data = settings.get(DataDir.SETTING);
    Optional<URI> store = settings.find(SCAN_STORE);
    return new ScanStoreConfig(
        store
            .map(uri -> isFile(uri) ? Path.of(uri) : data.resolve("scan-staging"))
            .orElseGet(() -> data.resolve("scan-store")),
        store.filter(uri -> !isFile(uri)),
        settings.find(S3_ENDPOINT),
        settings.get(S3_PATH_STYLE),
        settings.get(MIN_FREE));
  }

  private static boolean isFile(URI uri) {
    return "file".equals(uri.getScheme());
  }

  private static URI uri(String text) {
    URI uri = URI.create(text);
    if (isFile(uri)) {
      return Path.of(uri).toUri();
    }
    return S3Bucket.of(uri).uri();
  }

  private static @Nullable URI endpoint(String text) {
    URI uri = URI.create(text);
    return Setting.isBase(uri) ? uri : null;
  }
}
