package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

/** What every service and command writes, as logback.xml lays it out. */
class LogLineTest {
  @Test
  void aLineBeginsWithItsDateAndZone() throws Exception {
    Instant when = Instant.parse("2026-11-25T04:05:06.789Z");
    LoggerContext context = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Pneumostream.class.getResource("/logback.xml"));
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    LoggingEvent event =
        new LoggingEvent("", root, Level.INFO, "scan {}: accepted", null, new Object[] {"0f"});
    event.setInstant(when);

    ConsoleAppender<ILoggingEvent> stderr =
        (ConsoleAppender<ILoggingEvent>) root.getAppender("STDERR");
    String line = new String(stderr.getEncoder().encode(event), StandardCharsets.UTF_8);

    assertThat(line).endsWith("scan 0f: accepted\n");
    assertThat(OffsetDateTime.parse(line.split(" ")[0]).toInstant()).isEqualTo(when);
  }
}
