package org.pneumostream.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.MethodNotAllowedResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers every error as {@code {"error": "..."}}, whether a route, Javalin or Jetty raises it, and
 * whatever the client accepts.
 */
public final class HttpErrors {
  private static final Logger log = LoggerFactory.getLogger(HttpErrors.class);
  private static final String FAILED = "internal error; see the service's log";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpField JSON_CONTENT =
      new HttpField(HttpHeader.CONTENT_TYPE, "application/json");

  private HttpErrors() {}

  public static void setUp(JavalinConfig javalin) {
    javalin.http.prefer405over404 = true;
    javalin.router.javaLangErrorHandler(HttpErrors::fatal);
    javalin.jetty.modifyServer(server -> server.setErrorHandler(new BeforeRoutes()));
    javalin.jetty.modifyServletContextHandler(all -> all.setErrorHandler(new BeforeRoutes()));
    addTo(javalin.routes);
  }

  static void answer(Context context, HttpStatus status, String message) {
    context.status(status).json(Map.of("error", message));
  }

  private static void addTo(RoutesConfig routes) {
    routes.before(HttpErrors::requireKnownMethod);
    routes.exception(MethodNotAllowedResponse.class, HttpErrors::wrongMethod);
    routes.exception(
        HttpResponseException.class,
        (e, context) -> answer(context, HttpStatus.forStatus(e.getStatus()), e.getMessage()));
    routes.exception(Exception.class, HttpErrors::failed);
  }

  /** Javalin would take an unknown method for one of its own handler names. */
  private static void requireKnownMethod(Context context) {
    if (!HandlerType.commonHttp().contains(context.method())) {
      answer(context, HttpStatus.NOT_IMPLEMENTED, "unknown HTTP method");
      context.skipRemainingHandlers();
    }
  }

  private static void wrongMethod(MethodNotAllowedResponse e, Context context) {
    String methods = String.join(", ", e.getDetails().values());
    // Javalin answers HEAD wherever it answers GET.
    String allowed = methods.replace("GET", "GET, HEAD");
    context.header(Header.ALLOW, allowed);
    answer(
        context,
        HttpStatus.METHOD_NOT_ALLOWED,
        "method %s is not allowed for this path, expected %s".formatted(context.method(), allowed));
  }

  private static void fatal(HttpServletResponse response, Error error) {
    log.error("a request failed with a Java error", error);
    response.setStatus(HttpStatus.INTERNAL_SERVER_ERROR.getCode());
    response.setContentType(JSON_CONTENT.getValue());
    try {
      response.getOutputStream().write(body(FAILED));
    } catch (IOException e) {
      log.info("a client disconnected before it received an error: {}", e.toString());
    }
  }

  private static byte[] body(String message) {
    try {
      return JSON.writeValueAsBytes(Map.of("error", message));
    } catch (JsonProcessingException e) {
      throw new AssertionError("a text fits into JSON", e);
    }
  }

  private static void failed(Exception e, Context context) {
    if (e instanceof HttpException bad) {
      cutOff(bad, context);
    } else {
      log.error("{} {}", context.method(), context.path(), e);
      answer(context, HttpStatus.INTERNAL_SERVER_ERROR, FAILED);
    }
  }

  /** Handles a body that was too slow, broke off or was malformed HTTP. */
  private static void cutOff(HttpException e, Context context) {
    log.info("a request was cut off: {}", e.getReason());
    context.header(Header.CONNECTION, "close");
    answer(context, HttpStatus.forStatus(e.getCode()), String.valueOf(e.getReason()));
  }

  /** Answers requests that Jetty refuses before routing, such as those with too long headers. */
  private static final class BeforeRoutes extends ErrorHandler {
    @Override
    public boolean errorPageForMethod(String method) {
      return true;
    }

    @Override
    protected void generateResponse(
        Request request,
        Response response,
        int status,
        String message,
        Throwable cause,
        Callback callback) {
      response.getHeaders().put(JSON_CONTENT);
      response.write(true, ByteBuffer.wrap(body(message)), callback);
    }
  }
}
