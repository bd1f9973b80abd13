package org.pneumostream.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Limits each client's requests per minute. A client that was idle for a minute may send them all
 * at once, then one whenever its share of a minute has passed. Thread-safe.
 */
public final class RateLimit {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  /** Most clients remembered; the one idle for longest is forgotten first. */
  private static final int MAX_CLIENTS = 10_000;

  private final int perMinute;
  private final LongSupplier nanoTime;

  /** When each client's allowance is full again, in order of the clients' last requests. */
  private final Map<String, Long> fullAgain = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param perMinute requests per minute; 0 for no limit
   * @param nanoTime a monotonic clock, in ns
   */
  public RateLimit(int perMinute, LongSupplier nanoTime) {
    this.perMinute = perMinute;
    this.nanoTime = nanoTime;
  }

  /** Counts a request and returns zero if it is allowed; otherwise returns the time to wait. */
  synchronized Duration count(String client) {
    if (perMinute == 0) {
      return Duration.ZERO;
    }
    long now = nanoTime.getAsLong();
    long missing = Math.max(0, fullAgain.getOrDefault(client, now) - now);
    long missingThen = missing + MINUTE / perMinute;
    if (missingThen > MINUTE) {
      return Duration.ofNanos(missingThen - MINUTE);
    }
    fullAgain.put(client, now + missingThen);
    if (fullAgain.size() > MAX_CLIENTS) {
      fullAgain.remove(fullAgain.keySet().iterator().next());
    }
    return Duration.ZERO;
  }
}
