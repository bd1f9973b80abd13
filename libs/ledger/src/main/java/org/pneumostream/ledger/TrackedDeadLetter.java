package org.pneumostream.ledger;

import java.util.List;

/**
 * A dead letter and its state: all attempts of one stage at the records of one key, up to the one
 * that succeeded.
 *
 * @param attempts oldest first, at least one
 * @param state current state
 */
public record TrackedDeadLetter(List<Attempt> attempts, State state) {
  /** State of a dead letter after its last attempt. */
  public enum State {
    /** No later record exists. */
    WAITING,
    /** A later record of the key is on the stage's topic, and the stage has not processed it. */
    UNDERWAY,
    /** The stage has processed a retry. */
    SETTLED,
    /** The scan was erased; nothing is left to do. */
    ERASED
  }

  public TrackedDeadLetter {
    attempts = List.copyOf(attempts);
    if (attempts.isEmpty()) {
      throw new IllegalArgumentException("a dead letter needs at least one attempt");
    }
  }

  /** The number of its first attempt. */
  public long number() {
    return attempts.get(0).number();
  }

  public Attempt last() {
    return attempts.get(attempts.size() - 1);
  }

  public boolean isWaiting() {
    return state == State.WAITING;
  }

  /** Whether work is left to do. */
  public boolean isOpen() {
    return state == State.WAITING || state == State.UNDERWAY;
  }

  /** Whether one of its attempts has this number. */
  public boolean has(long number) {
    return attempts.stream().anyMatch(attempt -> attempt.number() == number);
  }
}
