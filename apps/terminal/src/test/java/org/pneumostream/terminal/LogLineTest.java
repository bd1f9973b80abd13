package org.pneumostream.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What {@code logback.xml} makes of an event. */
class LogLineTest {
  @Test
  void textFromOutsideStaysOnOneLineWithoutControlCharacters() throws Exception {
    String line = line("rejected: a\nERROR all is lost\u001b[2J", null);

    assertThat(line)
        .endsWith(" rejected: a\uFFFDERROR all is lost\uFFFD[2J" + System.lineSeparator());
    assertThat(line).hasLineCount(1);
  }

  @Test
  void exceptionsHaveNoControlCharacters() throws Exception {
    assertThat(line("failed", new IOException("a\u001b[2J")))
        .contains("java.io.IOException: a\uFFFD[2J")
        .doesNotContain("\u001b");
  }

  private static String line(String message, Throwable failure) throws Exception {
    LoggerContext context = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogLineTest.class.getResource("/logback.xml"));
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    ConsoleAppender<ILoggingEvent> console =
        (ConsoleAppender<ILoggingEvent>) root.getAppender("STDERR");
    try {
      byte[] line =
          console
              .getEncoder()
              .encode(
                  new LoggingEvent(
                      LogLineTest.class.getName(), root, Level.WARN, message, failure, null));
      return new String(line, StandardCharsets.UTF_8);
    } finally {
      context.stop();
    }
  }
}
