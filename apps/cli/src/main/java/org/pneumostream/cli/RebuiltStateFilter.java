package org.pneumostream.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;
import org.slf4j.Marker;

/**
 * After a kill, Kafka Streams discards the local state of each task, rebuilds it from its topics,
 * and logs several warnings and stack traces. This logback filter replaces them by one line.
 */
public final class RebuiltStateFilter extends TurboFilter {
  private static final String INTERNALS = "org.apache.kafka.streams.processor.internals.";

  /** Logs the exception, whichever part of Kafka Streams has thrown it. */
  private static final String HANDLER = INTERNALS + "StreamThread";

  private static final String STORE = INTERNALS + "ProcessorStateManager";
  private static final String NO_CHECKPOINT = "did not find checkpoint offset";

  private static final String LIST = "Get exceptions for the following tasks";
  private static final Pattern FAILURE = Pattern.compile("\\b\\d+_\\d+=([\\w.$]+)");

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
            "tasks {}: the previous process did not stop in order; rebuilding their local state"
                + " from Kafka, nothing is lost",
            corrupted.corruptedTasks().stream()
                .map(TaskId::toString)
                .sorted()
                .collect(Collectors.joining(", ")));
      }
      return FilterReply.DENY;
    }
    boolean isTold = format != null && (isCause(logger, format) || isList(format));
    return isTold ? FilterReply.DENY : FilterReply.NEUTRAL;
  }

  private static boolean isCause(Logger logger, String format) {
    return logger.getName().equals(STORE) && format.contains(NO_CHECKPOINT);
  }

  /** Whether it lists only such exceptions, by task. */
  private static boolean isList(String format) {
    return format.contains(LIST)
        && FAILURE
            .matcher(format)
            .results()
            .allMatch(task -> task.group(1).equals(TaskCorruptedException.class.getName()));
  }
}
