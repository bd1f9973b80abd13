package org.pneumostream.system;

import java.util.Optional;

/** Faults that a {@link CrashRun} inflicts on a running system. */
enum Fault {
  KILL_INGEST("ingest"),
  KILL_PREPROCESS_STREAM("preprocess-stream"),
  KILL_SCORER_1("scorer-1"),
  KILL_SCORER_2("scorer-2"),
  KILL_TRAINER("trainer"),
  KILL_REGISTRY("registry"),
  KILL_BROKER("kafka"),
  /**
   * Cuts the link between the broker and the second scorer, for longer than the session timeout.
   */
  CUT_NETWORK,
  /** Fills the scan store's disk, until a push was refused. */
  FILL_DISK,
  /** Freezes the scan store's disk nine tenths of the time. */
  SLOW_DISK;

  private final String victim;

  Fault() {
    this(null);
  }

  Fault(String victim) {
    this.victim = victim;
  }

  /** The process that is killed, if any. */
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
