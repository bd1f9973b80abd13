package org.pneumostream.scanstore;

import java.net.URI;
import java.time.Duration;
import org.pneumostream.settings.SettingException;
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

/** Connects to S3 with the credentials and the region of AWS tools. */
final class S3Connection {
  /** More than the number of scans pushed, or preprocessed, at the same time. */
  private static final int MAX_CONNECTIONS = 256;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

  private S3Connection() {}

  /**
   * Creates a client and checks that the bucket exists.
   *
   * @throws SettingException if there is no bucket at that address, or its credentials are missing
   *     or refused
   */
  static S3Client connect(ScanStoreConfig config) {
    URI store = config.bucket().orElseThrow();
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
      s3 = client(config);
    } catch (SdkClientException e) {
      throw wrong(store, "its region in AWS_REGION, or " + ScanStoreConfig.S3_ENDPOINT.key());
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
            case 404 -> "an existing bucket";
            case 401, 403 -> "a bucket that these credentials may access";
            default -> "a reachable S3 (" + e.getMessage() + ")";
          });
    }
  }

  static S3Client client(ScanStoreConfig config) {
    S3ClientBuilder client =
        S3Client.builder()
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .maxConnections(MAX_CONNECTIONS)
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(READ_TIMEOUT))
            .overrideConfiguration(
                override -> override.retryStrategy(AwsRetryStrategy.standardRetryStrategy()))
            // Not every S3 supports later additions to the protocol. Objects are checked by their
            // SHA-256.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false));
    if (config.endpoint().isPresent()) {
      client
          .endpointOverride(config.endpoint().get())
          .forcePathStyle(config.pathStyle())
          .region(regionOrDefault());
    }
    return client.build();
  }

  /**
   * Other S3 implementations accept any region, and their clients may run outside Amazon's
   * machines, where none is configured.
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
    return new SettingException(ScanStoreConfig.SCAN_STORE.key(), store.toString(), expected);
  }
}
