package org.pneumostream.ingest;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Limits concurrent pushes over HTTP: a total, and a share of it per token, so that no client can
 * keep others out. Thread-safe.
 */
final class PushSlots {
  private final int limit;
  private final double share;
  private final int perToken;
  private final Map<String, Integer> byCaller = new HashMap<>();
  private int taken;

  /**
   * @param limit most concurrent pushes, at least 1
   * @param share share of them that one token may have, above 0 and up to 1; rounded up
   */
  PushSlots(int limit, double share) {
    this.limit = limit;
    this.share = share;
    this.perToken = (int) Math.ceil(limit * share);
  }

  /** A slot for one push, until it is closed. */
  interface Slot extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes a slot.
   *
   * @param caller the client; empty if no token is required, and then there are no shares
   * @throws BusyException if no slot is left, or none of the caller's share
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
