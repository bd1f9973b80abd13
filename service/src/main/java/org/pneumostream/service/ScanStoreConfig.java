package org.pneumostream.service;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Where scans too large for a record lie. */
public final class ScanStoreConfig {
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

  static final List<Setting<?>> ALL = List.of(SCAN_STORE, S3_ENDPOINT, S3_PATH_STYLE, MIN_FREE);

  /** More than scans are pushed, or preprocessed, at the same time. */
  private static final int MAX_CONNECTIONS = 256;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

  private ScanStoreConfig() {}

  /**
   * Opens the store.
   *
   * @throws SettingException if there is none at that address, or its credentials are missing or
   *     refused
   */
  static ScanStore open(Settings settings) {
    Path local = localDirectory(settings);
    long minFree = settings.get(MIN_FREE);
    Optional<URI> s3 = settings.find(SCAN_STORE).filter(uri -> !isFile(uri));
    if (s3.isEmpty()) {
      return new DirectoryScanStore(local, minFree);
    }
    return new S3ScanStore(
        client(s3.get(), settings),
        S3Bucket.of(s3.get()),
        new StagingDirectory(local, minFree, Permissions.PRIVATE),
        S3Upload.PART_BYTES);
  }

  /** The directory on this machine through which scans go into the store. */
  static Path localDirectory(Settings settings) {
    Path data = settings.get(ServiceConfig.DATA_DIR);
    return settings
        .find(SCAN_STORE)
        .map(uri -> isFile(uri) ? Path.of(uri) : data.resolve("scan-staging"))
        .orElseGet(() -> data.resolve("scan-store"));
  }

  private static boolean isFile(URI uri) {
    return "file".equals(uri.getScheme());
  }

  /** A client for whom the bucket is there. */
  private static S3Client client(URI store, Settings settings) {
    try (DefaultCredentialsProvider credentials = DefaultCredentialsProvider.builder().build()) {
      credentials.resolveCredentials();
    } catch (SdkClientException e) {
      throw wrong(
          store,
          "credentials for it: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, a"
              + " profile or a role");
    }
    S3Client s3;
    try {
      s3 = client(settings);
    } catch (SdkClientException e) {
      throw wrong(store, "its region in AWS_REGION, or " + S3_ENDPOINT.key());
    }
    try {
      s3.headBucket(head -> head.bucket(S3Bucket.of(store).name()));
      return s3;
    } catch (SdkException e) {
      s3.close();
      throw wrong(
          store,
          switch (e instanceof S3Exception answer ? answer.statusCode() : 0) {
            case 301 -> "a bucket in the region that AWS_REGION names";
            case 404 -> "a bucket that is there";
            case 401, 403 -> "a bucket that these credentials give access to";
            default -> "an S3 that answers (" + e.getMessage() + ")";
          });
    }
  }

  static S3Client client(Settings settings) {
    S3ClientBuilder client =
        S3Client.builder()
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .maxConnections(MAX_CONNECTIONS)
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(READ_TIMEOUT))
            .overrideConfiguration(
                override -> override.retryStrategy(AwsRetryStrategy.standardRetryStrategy()))
            // Not every S3 knows what was added to the protocol later. Objects are checked by their
            // SHA-256.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false));
    Optional<URI> endpoint = settings.find(S3_ENDPOINT);
    if (endpoint.isPresent()) {
      client
          .endpointOverride(endpoint.get())
          .forcePathStyle(settings.get(S3_PATH_STYLE))
          .region(regionOrDefault());
    }
    return client.build();
  }

  /**
   * Other S3s take any region; their clients need not run on a machine of Amazon's that has one.
   */
  private static Region regionOrDefault() {
    try {
      return new AwsRegionProviderChain(
              new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
          .getRegion();
    } catch (SdkClientException e) {
      return Region.US_EAST_1;
    }
  }

  private static SettingException wrong(URI store, String expected) {
    return new SettingException(SCAN_STORE.key(), store.toString(), expected);
  }

  private static URI uri(String text) {
    URI uri = URI.create(text);
    if (isFile(uri)) {
      return Path.of(uri).toUri();
    }
    return S3Bucket.of(uri).uri();
  }

  private static URI endpoint(String text) {
    URI uri = URI.create(text);
    return Setting.isBase(uri) ? uri : null;
  }
}
