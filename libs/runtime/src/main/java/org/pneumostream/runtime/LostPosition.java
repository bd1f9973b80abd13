package org.pneumostream.runtime;

import org.pneumostream.settings.Setting;

/** What a service does whose consumer group has lost its position, if the topics do not tell it. */
public enum LostPosition {
  /** Ends with an error that says how to choose. */
  STOP,
  /** Reads all that there is again. */
  EARLIEST,
  /** Reads only what comes from now on. */
  LATEST;

  public static final Setting<LostPosition> SETTING =
      Setting.choice(
          "lost-position",
          STOP,
          LostPosition.class,
          "Where a service starts reading when Kafka has forgotten its position and the topics do"
              + " not tell it.");
}
