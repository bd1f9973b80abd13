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
 * Location of scans too large for a record.
 *
 * @param directory staging directory on this machine; the store itself if there is no bucket
 * @param bucket the store, if it is in S3: {@code s3://BUCKET/PREFIX}
 * @param endpoint address of an S3 other than Amazon's
 * @param pathStyle whether requests to that endpoint name the bucket in their path
 * @param minFreeBytes free disk space below which no scan is accepted
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
          "Location of scans too large for a record, equal in all services; scan-store under"
              + " data-dir if unset.",
          ScanStoreConfig::uri);
  public static final Setting<URI> S3_ENDPOINT =
      new Setting<>(
          "scan-store-s3-endpoint",
          "",
          "an http or https URL",
          "Address of an S3 other than Amazon's. Region and credentials come from the"
              + " sources of AWS"
              + " tools: AWS_REGION, AWS_ACCESS_KEY_ID, a profile, a role.",
          ScanStoreConfig::endpoint);
  public static final Setting<Boolean> S3_PATH_STYLE =
      Setting.flag(
          "scan-store-s3-path-style",
          true,
          "Whether requests to scan-store-s3-endpoint name the bucket in their path instead of the"
              + " host.");
  public static final Setting<Long> MIN_FREE =
      Setting.size(
          "scan-store-min-free",
          "1 GiB",
          0,
          1L << 50,
          "Free disk space below which the scan store accepts no scans; clients are told"
              + " to retry.");

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
