package org.pneumostream.terminal;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import org.pneumostream.jdata.Printable;

/** An exception below a log line, without what a terminal would obey; see {@code logback.xml}. */
public final class PrintableThrowable extends ThrowableProxyConverter {
  @Override
  protected String throwableProxyToString(IThrowableProxy failure) {
    return Printable.lines(super.throwableProxyToString(failure));
  }
}
