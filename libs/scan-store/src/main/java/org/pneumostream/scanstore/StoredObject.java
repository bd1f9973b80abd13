package org.pneumostream.scanstore;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An object of a scan store, as listed.
 *
 * @param scanId id of its scan
 * @param sha256 of its bytes
 * @param writtenAt when it was last written, by the store's clock
 */
public record StoredObject(String scanId, String sha256, Instant writtenAt) {
  /** Name of the object that identifies the store's owner. */
  static final String OWNER = "owner";

  private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})\\.([0-9a-f]{64})");

  /** The object with a name; empty if the name is not a scan's. */
  static Optional<StoredObject> named(String name, Instant writtenAt) {
    Matcher parts = NAME.matcher(name);
    return parts.matches()
        ? Optional.of(new StoredObject(parts.group(1), parts.group(2), writtenAt))
        : Optional.empty();
  }

  /** The hash in an object's name; empty if the name is none of a scan's. */
  static Optional<String> sha256Of(String name) {
    Matcher parts = NAME.matcher(name);
    return parts.matches() ? Optional.of(parts.group(2)) : Optional.empty();
  }

  /** Its name in the store. */
  String name() {
    return name(scanId, sha256);
  }

  static String name(String scanId, String sha256) {
    return scanId + "." + sha256;
  }
}
