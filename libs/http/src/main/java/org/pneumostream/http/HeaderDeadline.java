package org.pneumostream.http;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * HTTP/1.1 with a deadline for a request's headers, counted from their first byte. Jetty's idle
 * timeout restarts with each byte, and its minimum data rate applies to bodies only. The data rate
 * counts from the same time on: Jetty would check it at once, and on a busy machine any body's
 * first moments are too slow.
 */
final class HeaderDeadline extends HttpConnectionFactory {
  private final Duration deadline;
  private final LongSupplier nanoTime;

  HeaderDeadline(HttpConfiguration limits, Duration deadline, LongSupplier nanoTime) {
    super(limits);
    this.deadline = deadline;
    this.nanoTime = nanoTime;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    Limits limits = new Limits(getHttpConfiguration());
    return configure(new TimedConnection(limits, connector, endPoint), connector, endPoint);
  }

  /** Limits of one connection. */
  private final class Limits extends HttpConfiguration {
    /** Start of the current request, in ns. */
    private volatile long begun;

    Limits(HttpConfiguration all) {
      super(all);
    }

    boolean isOverdue() {
      return nanoTime.getAsLong() - begun > deadline.toNanos();
    }

    @Override
    public long getMinRequestDataRate() {
      return isOverdue() ? super.getMinRequestDataRate() : 0;
    }
  }

  private final class TimedConnection extends HttpConnection {
    private final Limits limits;

    /** Number of requests with complete headers when the current request began. */
    private long wholeBefore = -1;

    TimedConnection(Limits limits, Connector connector, EndPoint endPoint) {
      super(limits, connector, endPoint);
      this.limits = limits;
    }

    /** Called when bytes arrive that are not part of a body being read. */
    @Override
    public void onFillable() {
      long whole = getMessagesIn();
      if (whole != wholeBefore) {
        wholeBefore = whole;
        limits.begun = nanoTime.getAsLong();
      }
      if (limits.isOverdue()) {
        // Not this connection's own close(), which would answer an incomplete request.
        getEndPoint().close();
      } else {
        super.onFillable();
      }
    }
  }
}
