package org.pneumostream.system;

import java.util.Optional;

/** What is done to a running system by a {@link CrashRun}. */
enum Fault {
  KILL_INGEST("ingest"),
  KILL_PREPROCESS_STREAM("preprocess-stream"),
  KILL_SCORER_1("scorer-1"),
  KILL_SCORER_2("scorer-2"),
  KILL_TRAINER("trainer"),
  KILL_REGISTRY("registry"),
  KILL_BROKER("kafka"),
  /** Between the broker and the second scorer, for longer than the group waits for it. */
  CUT_NETWORK,
  /** The scan store's disk takes no more, until a push was refused for it. */
  FILL_DISK,
  /** The scan store's disk does nothing at all nine tenths of the time. */
  SLOW_DISK;

  private final String victim;

  Fault() {
    this(null);
  }

  Fault(String victim) {
    this.victim = victim;
  }

  /** The process that is killed, if it is one. */
  Optional<String> victim() {
    return Optional.ofNullable(victim);
  }

  boolean isOfTheDisk() {
    return this == FILL_DISK || this == SLOW_DISK;
  }

  @Override
  public String toString() {
    return victim == null ? name().toLowerCase().replace('_', ' ') : "SIGKILL " + victim;
  }
}
