package org.pneumostream.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.stream.Collectors;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;
import org.slf4j.Marker;

/**
 * After a kill, Kafka Streams throws away the local state of each task, rebuilds it from its
 * topics, and logs that with several warnings and traces. This filter of logback's makes one line
 * of them.
 */
public final class RebuiltState extends TurboFilter {
  private static final String INTERNALS = "org.apache.kafka.streams.processor.internals.";

  /** Where the exception ends up, whichever part of Kafka Streams has thrown it. */
  private static final String HANDLER = INTERNALS + "StreamThread";

  private static final String STORE = INTERNALS + "ProcessorStateManager";
  private static final String NO_CHECKPOINT = "did not find checkpoint offset";

  @Override
  public FilterReply decide(
      Marker marker,
      Logger logger,
      Level level,
      String format,
      Object[] parameters,
      Throwable failure) {
    if (failure instanceof TaskCorruptedException corrupted) {
      if (logger.getName().equals(HANDLER)) {
        logger.warn(
            "tasks {}: the process before this one did not stop in order, so their local state is"
                + " rebuilt from Kafka; nothing is lost",
            corrupted.corruptedTasks().stream()
                .map(TaskId::toString)
                .sorted()
                .collect(Collectors.joining(", ")));
      }
      return FilterReply.DENY;
    }
    boolean isItsCause =
        logger.getName().equals(STORE) && format != null && format.contains(NO_CHECKPOINT);
    return isItsCause ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
