package org.pneumostream.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many requests each client may make a minute. A client that was quiet for a minute may make
 * them all at once, then one as each part of the minute is over. Thread-safe.
 */
public final class RateLimit {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  /** Clients remembered; the one unheard of for longest is forgotten first. */
  private static final int MAX_CLIENTS = 10_000;

  private final int perMinute;
  private final LongSupplier nanoTime;

  /** When each client will have all its requests again, in the order in which they called. */
  private final Map<String, Long> fullAgain = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param perMinute requests a minute; 0 for no limit
   * @param nanoTime a clock that never goes back, in ns
   */
  public RateLimit(int perMinute, LongSupplier nanoTime) {
    this.perMinute = perMinute;
    this.nanoTime = nanoTime;
  }

  /** Counts a request, if it may be made; else says how long to wait for the next one. */
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
