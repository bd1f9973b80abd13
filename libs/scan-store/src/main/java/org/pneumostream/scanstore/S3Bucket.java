package org.pneumostream.scanstore;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * Where in S3 a scan store lies.
 *
 * @param name of the bucket
 * @param prefix that all keys start with: empty, or ending with a slash
 */
record S3Bucket(String name, String prefix) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  /** What needs no escaping in a URI. */
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._-]+)*/?");

  /**
   * From {@code s3://bucket} or {@code s3://bucket/prefix}.
   *
   * @throws IllegalArgumentException if the URI is none of these
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
      throw new IllegalArgumentException("not s3://BUCKET/PREFIX");
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
