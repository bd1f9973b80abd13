package org.pneumostream.scanstore;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * Location of a scan store in S3.
 *
 * @param name of the bucket
 * @param prefix of all keys: empty, or ending with a slash
 */
record S3Bucket(String name, String prefix) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  /** Characters that need no escaping in a URI. */
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._-]+)*/?");

  /**
   * Parses {@code s3://bucket} or {@code s3://bucket/prefix}.
   *
   * @throws IllegalArgumentException for any other URI
   */
  static S3Bucket of(URI uri) {
    String name = uri.getRawAuthority();
    String path = uri.getRawPath();
    if (!"s3".equals(uri.getScheme())
        || name == null
        || !NAME.matcher(name).matches()
        || !PATH.matcher(path).matches()
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("expected s3://BUCKET/PREFIX");
    }
    String prefix = path.isEmpty() ? "" : path.substring(1);
    return new S3Bucket(name, prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
  }

  URI uri() {
    return URI.create("s3://" + name + "/" + prefix);
  }

  String key(String objectName) {
    return prefix + objectName;
  }
}
