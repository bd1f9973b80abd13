package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Searches for secrets in the log. From creation to closing it records all log output, with client
 * libraries at a lower level than by default.
 */
final class Leaks implements AutoCloseable {
  /** Kafka's clients log their settings at this level, the registry's client its requests. */
  private static final Map<String, Level> LIBRARIES =
      Map.of("org.apache.kafka", Level.INFO, "org.apache.flink", Level.DEBUG);

  private final Map<String, String> secrets;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  /**
   * @param secrets by name
   */
  Leaks(Map<String, String> secrets) {
    secrets.values().forEach(secret -> assertThat(secret).hasSizeGreaterThan(8));
    this.secrets = Map.copyOf(secrets);
    log.start();
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(log);
    LIBRARIES.forEach(
        (name, level) -> {
          logger(name).setLevel(level);
          logger(name).setAdditive(false);
          logger(name).addAppender(log);
        });
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  /** Fails if a text contains a secret, without showing it. */
  void assertNoneIn(String where, String text) {
    secrets.forEach(
        (name, secret) -> {
          if (text != null && text.contains(secret)) {
            throw new AssertionError(where + " holds the secret " + name);
          }
        });
  }

  /** The messages logged so far. */
  List<String> messages() {
    return List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** Fails if the log contains a secret, in a message or in an exception. */
  void assertNoneInLog() {
    for (ILoggingEvent event : List.copyOf(log.list)) {
      assertNoneIn("log of " + event.getLoggerName(), event.getFormattedMessage());
      for (IThrowableProxy e = event.getThrowableProxy(); e != null; e = e.getCause()) {
        assertNoneIn("log of " + event.getLoggerName(), e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(log);
    LIBRARIES.forEach(
        (name, level) -> {
          logger(name).detachAppender(log);
          logger(name).setAdditive(true);
          logger(name).setLevel(Level.WARN);
        });
  }
}
