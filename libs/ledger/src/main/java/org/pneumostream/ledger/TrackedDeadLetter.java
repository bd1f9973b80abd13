package org.pneumostream.ledger;

import java.util.List;

/**
 * A dead letter and what became of it: all attempts of one stage at the records of one key, up to
 * the one that passed.
 *
 * @param attempts oldest first, at least one
 * @param state what became of it
 */
public record TrackedDeadLetter(List<Attempt> attempts, State state) {
  /** What became of a dead letter since its last attempt. */
  public enum State {
    /** Nothing has happened. */
    WAITING,
    /** A later record of the key lies on the stage's topic, and the stage has not answered it. */
    UNDERWAY,
    /** The stage has passed a record that tries the letter again. */
    SETTLED,
    /** The scan was erased; there is nothing left to do. */
    ERASED
  }

  public TrackedDeadLetter {
    attempts = List.copyOf(attempts);
    if (attempts.isEmpty()) {
      throw new IllegalArgumentException("attempts: none");
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
