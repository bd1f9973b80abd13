package org.pneumostream.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens in force: those of the environment, and those of a file that is looked at again when
 * someone calls, at most once a second. A file that has become invalid, or is gone, is reported
 * once, and what was read before stays in force. Thread-safe.
 */
final class LiveTokens {
  private static final Logger log = LoggerFactory.getLogger(LiveTokens.class);
  private static final long LOOK_EVERY = Duration.ofSeconds(1).toNanos();

  private final HttpTokens fixed;
  private final Optional<Path> file;
  private final LongSupplier nanoTime;
  private HttpTokens tokens;
  private long lastLook;

  /** Hash of what the file held, or what was wrong with it, when it was last looked at. */
  private String seen = "";

  /**
   * @param fixed tokens that do not change while the service runs
   * @param nanoTime a clock that never goes back, in ns
   * @throws SettingException if the file is no good
   */
  LiveTokens(HttpTokens fixed, Optional<Path> file, LongSupplier nanoTime) {
    this.fixed = fixed;
    this.file = file;
    this.nanoTime = nanoTime;
    this.tokens = fixed;
    this.lastLook = nanoTime.getAsLong();
    file.ifPresent(this::read);
  }

  /** Whether each request must bring a token: never the case for some time only. */
  boolean areRequired() {
    return file.isPresent() || !fixed.isEmpty();
  }

  /** The tokens of this moment. */
  synchronized HttpTokens now() {
    long now = nanoTime.getAsLong();
    if (file.isPresent() && now - lastLook >= LOOK_EVERY) {
      lastLook = now;
      try {
        read(file.get());
      } catch (SettingException e) {
        if (!seen.equals(e.getMessage())) {
          seen = e.getMessage();
          log.error("{}; the tokens read before stay in force", e.getMessage());
        }
      }
    }
    return tokens;
  }

  /** Compares contents: a file may be replaced within one tick of its clock, and keep its size. */
  private void read(Path path) {
    String text = SecretFile.read(HttpConfig.TOKENS_FILE, path);
    String hash = HttpTokens.sha256Hex(text);
    if (!seen.equals(hash)) {
      tokens = HttpTokens.parse(HttpConfig.TOKENS_FILE.key() + " " + path, text).and(fixed);
      seen = hash;
      log.info("{} {}: {} tokens in force", HttpConfig.TOKENS_FILE.key(), path, tokens.size());
    }
  }
}
