package org.pneumostream.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.pneumostream.settings.SecretFile;
import org.pneumostream.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The valid tokens: those of the environment, and those of a file that is checked for changes when
 * someone calls, at most once a second. If the file has become invalid or is gone, the tokens read
 * before stay valid for a grace period. After that only the environment's tokens are valid, until
 * the file is repaired. Thread-safe.
 */
public final class LiveTokens {
  private static final Logger log = LoggerFactory.getLogger(LiveTokens.class);
  private static final long LOOK_EVERY = Duration.ofSeconds(1).toNanos();

  private final HttpTokens fixed;
  private final Optional<Path> file;
  private final Duration grace;
  private final LongSupplier nanoTime;
  private HttpTokens tokens;
  private long lastLook;

  /** Hash of the file's last valid content. */
  private String valid = "";

  /** What is wrong with the file; empty if nothing is. */
  private String mistake = "";

  /** When the file was first found invalid, in ns; meaningless if the file is valid. */
  private long invalidSince;

  /**
   * @param nanoTime a monotonic clock, in ns
   * @throws SettingException if the file is invalid at start
   */
  public LiveTokens(HttpConfig config, LongSupplier nanoTime) {
    this.fixed = config.fixedTokens();
    this.file = config.tokensFile();
    this.grace = config.tokensGrace();
    this.nanoTime = nanoTime;
    this.tokens = fixed;
    this.lastLook = nanoTime.getAsLong();
    file.ifPresent(this::read);
  }

  /** Whether requests need a token; constant while the service runs. */
  boolean areRequired() {
    return file.isPresent() || !fixed.isEmpty();
  }

  /** The currently valid tokens. */
  synchronized HttpTokens now() {
    return haveExpired() ? fixed : tokens;
  }

  /** Whether the file has been invalid for longer than the grace period. */
  synchronized boolean haveExpired() {
    look();
    return !mistake.isEmpty() && invalidFor().compareTo(grace) >= 0;
  }

  /** How long the file has been invalid; zero if it is valid. */
  public synchronized Duration invalidFor() {
    look();
    return mistake.isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(nanoTime.getAsLong() - invalidSince);
  }

  /** What is wrong with the file, and the consequence; empty if it is valid. */
  public synchronized String problem() {
    if (haveExpired()) {
      return mistake + "; the tokens read before are no longer valid";
    }
    return mistake.isEmpty() ? "" : mistake + "; " + stillInForce();
  }

  private String stillInForce() {
    return "the tokens read before stay valid for %d s from then on (%s)"
        .formatted(grace.toSeconds(), HttpConfig.TOKENS_GRACE.key());
  }

  private void look() {
    long now = nanoTime.getAsLong();
    if (file.isEmpty() || now - lastLook < LOOK_EVERY) {
      return;
    }
    lastLook = now;
    try {
      read(file.get());
      mistake = "";
    } catch (SettingException e) {
      if (mistake.isEmpty()) {
        invalidSince = now;
      }
      if (!mistake.equals(e.getMessage())) {
        mistake = e.getMessage();
        log.error("{}; {}", mistake, stillInForce());
      }
    }
  }

  /** Compares content: a file may be replaced within one tick of its clock, with the same size. */
  private void read(Path path) {
    String text = SecretFile.read(HttpConfig.TOKENS_FILE, path);
    String hash = HttpTokens.sha256Hex(text);
    if (!valid.equals(hash)) {
      tokens = HttpTokens.parse(HttpConfig.TOKENS_FILE.key() + " " + path, text).and(fixed);
      valid = hash;
      log.info("{} {}: {} tokens read", HttpConfig.TOKENS_FILE.key(), path, tokens.size());
    }
  }
}
