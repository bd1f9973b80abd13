package org.pneumostream.service;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnection;
import org.eclipse.jetty.server.HttpConnectionFactory;

/**
 * HTTP/1.1 whose headers must be whole within a time of their first byte. Jetty's idle timeout
 * starts anew with each byte, and its least data rate is for bodies.
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
    HttpConnection connection = new TimedConnection(connector, endPoint);
    connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
    connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
    return configure(connection, connector, endPoint);
  }

  private final class TimedConnection extends HttpConnection {
    /** Requests whose headers were whole when those under way began. */
    private long wholeBefore = -1;

    private long begun;

    TimedConnection(Connector connector, EndPoint endPoint) {
      super(
          HeaderDeadline.this.getHttpConfiguration(),
          connector,
          endPoint,
          HeaderDeadline.this.isRecordHttpComplianceViolations());
    }

    /** Called when bytes have come that are not part of a body being read. */
    @Override
    public void onFillable() {
      long whole = getMessagesIn();
      long now = nanoTime.getAsLong();
      if (whole != wholeBefore) {
        wholeBefore = whole;
        begun = now;
      }
      if (now - begun > deadline.toNanos()) {
        close();
      } else {
        super.onFillable();
      }
    }
  }
}
