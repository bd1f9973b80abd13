package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The real exporter, with a collector that stops and restarts. */
class OtlpExporterTest {
  private final Logger log = (Logger) LoggerFactory.getLogger(OtlpExporter.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.setLevel(Level.INFO);
    log.setAdditive(false);
    said.start();
    log.addAppender(said);
  }

  @AfterEach
  void listenNoMore() {
    log.detachAppender(said);
    log.setLevel(null);
    log.setAdditive(true);
  }

  @Test
  void logsLossOfSpansOnceAndRecoveryOnce() throws Exception {
    AtomicInteger status = new AtomicInteger(200);
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    collector.start();
    URI address = URI.create("http://127.0.0.1:" + collector.getAddress().getPort());
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(OtlpExporter.at(address)))
            .build()) {
      send(provider);
      status.set(400);
      send(provider);
      send(provider);
      status.set(200);
      send(provider);
      send(provider);
      collector.stop(0);
      send(provider);
      send(provider);
    }

    assertThat(said.list)
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.WARN, Level.INFO, Level.WARN);
    assertThat(said.list.get(0).getFormattedMessage()).contains(address.toString());
  }

  private static void send(SdkTracerProvider provider) {
    provider.get("test").spanBuilder("span").startSpan().end();
    assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isDone()).isTrue();
  }
}
