package org.pneumostream.terminal;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import org.pneumostream.jdata.Printable;

/** Keeps the message of a log line on one line, whatever it quotes; used in {@code logback.xml}. */
public final class PrintableMessage extends MessageConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return Printable.line(super.convert(event));
  }
}
