package org.pneumostream.http;

import io.javalin.config.JavalinConfig;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Configures Jetty's listener: address, TLS, and limits on clients. */
public final class HttpListener {
  private static final int MAX_HEADER_BYTES = 16 << 10;

  private HttpListener() {}

  public static void setUp(
      JavalinConfig javalin, HttpConfig config, int port, LongSupplier nanoTime) {
    javalin.startup.showJavalinBanner = false;
    javalin.startup.startupWatcherEnabled = false;
    javalin.jetty.modifyHttpConfiguration(limits -> limit(limits, config));
    javalin.jetty.addConnector(
        (server, limits) -> connector(server, limits, config, port, nanoTime));
  }

  private static void limit(HttpConfiguration limits, HttpConfig config) {
    limits.setRequestHeaderSize(MAX_HEADER_BYTES);
    limits.setMinRequestDataRate(config.minBodyRate());
    limits.setSendServerVersion(false);
    // No path of ours contains an encoded slash, an empty segment or dots.
    limits.setUriCompliance(UriCompliance.DEFAULT);
  }

  private static ServerConnector connector(
      Server server, HttpConfiguration limits, HttpConfig config, int port, LongSupplier nanoTime) {
    HttpConnectionFactory http = new HeaderDeadline(limits, config.idleTimeout(), nanoTime);
    ServerConnector connector =
        config
            .keyStore()
            .map(keys -> new ServerConnector(server, keys.around(http.getProtocol()), http))
            .orElseGet(() -> new ServerConnector(server, http));
    connector.setHost(config.host());
    connector.setPort(port);
    connector.setIdleTimeout(config.idleTimeout().toMillis());
    return connector;
  }
}
