package org.pneumostream.runtime;

import org.pneumostream.settings.Setting;

/**
 * What a service does if its consumer group has lost its position and the topics do not tell it.
 */
public enum LostPosition {
  /** Fails with an error that names the choices. */
  STOP,
  /** Reads all records again. */
  EARLIEST,
  /** Reads only new records. */
  LATEST;

  public static final Setting<LostPosition> SETTING =
      Setting.choice(
          "lost-position",
          STOP,
          LostPosition.class,
          "Where a service starts reading if Kafka has removed its position and the topics do"
              + " not tell it.");
}
