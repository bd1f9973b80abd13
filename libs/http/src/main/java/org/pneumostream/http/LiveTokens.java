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
 * The tokens in force: those of the environment, and those of a file that is looked at again when
 * someone calls, at most once a second. When the file has become invalid, or is gone, what was read
 * before stays in force for a grace period; then only the environment's tokens do, until the file
 * is valid again. Thread-safe.
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

  /** Hash of what the file held when it was last valid. */
  private String valid = "";

  /** What is wrong with the file; empty if nothing is. */
  private String mistake = "";

  /** When the file was first found invalid, in ns; of no meaning if nothing is wrong with it. */
  private long invalidSince;

  /**
   * @param nanoTime a clock that never goes back, in ns
   * @throws SettingException if the file is invalid at the start
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

  /** Whether requests need a token; the same for as long as the service runs. */
  boolean areRequired() {
    return file.isPresent() || !fixed.isEmpty();
  }

  /** The tokens of this moment. */
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

  /** What is wrong with the file, and what that means; empty if it is valid. */
  public synchronized String problem() {
    if (haveExpired()) {
      return mistake + "; the tokens read before are no longer in force";
    }
    return mistake.isEmpty() ? "" : mistake + "; " + stillInForce();
  }

  private String stillInForce() {
    return "the tokens read before stay in force for %d s from then on (%s)"
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

  /** Compares contents: a file may be replaced within one tick of its clock, and keep its size. */
  private void read(Path path) {
    String text = SecretFile.read(HttpConfig.TOKENS_FILE, path);
    String hash = HttpTokens.sha256Hex(text);
    if (!valid.equals(hash)) {
      tokens = HttpTokens.parse(HttpConfig.TOKENS_FILE.key() + " " + path, text).and(fixed);
      valid = hash;
      log.info("{} {}: {} tokens in force", HttpConfig.TOKENS_FILE.key(), path, tokens.size());
    }
  }
}
