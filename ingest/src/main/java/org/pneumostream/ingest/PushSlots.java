package org.pneumostream.ingest;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many scans are taken over HTTP at the same time: so many altogether, and a share of them with
 * one token, so that whoever holds it cannot keep the others out. Thread-safe.
 */
final class PushSlots {
  private final int limit;
  private final double share;
  private final int perToken;
  private final Map<String, Integer> byCaller = new HashMap<>();
  private int taken;

  /**
   * @param limit pushes at the same time, at least 1
   * @param share of them that one token may have, over 0 and up to 1; rounded up
   */
  PushSlots(int limit, double share) {
    this.limit = limit;
    this.share = share;
    this.perToken = (int) Math.ceil(limit * share);
  }

  /** A place for one push, until it is closed. */
  interface Slot extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes a place.
   *
   * @param caller who pushes; empty where no token is asked for, and no shares are told apart
   * @throws BusyException if there is none left, or none of the caller's share
   */
  synchronized Slot take(Optional<String> caller) throws BusyException {
    if (taken >= limit) {
      throw new BusyException(
          "too many concurrent pushes (%s=%d)"
              .formatted(IngestConfig.MAX_CONCURRENT_PUSHES.key(), limit));
    }
    if (caller.isPresent() && byCaller.getOrDefault(caller.get(), 0) >= perToken) {
      throw new BusyException(
          "too many concurrent pushes with this token, %d of %d (%s=%s)"
              .formatted(perToken, limit, IngestConfig.MAX_PUSH_SHARE.key(), share));
    }
    taken++;
    caller.ifPresent(who -> byCaller.merge(who, 1, Integer::sum));
    return new TakenSlot(caller);
  }

  synchronized int taken() {
    return taken;
  }

  private final class TakenSlot implements Slot {
    private final Optional<String> caller;
    private boolean isClosed;

    TakenSlot(Optional<String> caller) {
      this.caller = caller;
    }

    @Override
    public void close() {
      synchronized (PushSlots.this) {
        if (!isClosed) {
          isClosed = true;
          taken--;
          caller.ifPresent(
              who -> byCaller.compute(who, (id, pushes) -> pushes == 1 ? null : pushes - 1));
        }
      }
    }
  }
}
