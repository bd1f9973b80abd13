package org.pneumostream.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import io.javalin.security.RouteRole;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pneumostream.http.HttpTokens.Caller;

/**
 * Runs before every matched route, however its path is spelt. Requires a token with the route's
 * role, and enforces the rate limit.
 */
public final class HttpGuard implements Handler {
  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(\\S+) *");

  /** Leaves time to repair the file. */
  private static final Duration RETRY_WHEN_INVALID = Duration.ofMinutes(1);

  private final LiveTokens tokens;
  private final RateLimit rateLimit;

  public HttpGuard(LiveTokens tokens, RateLimit rateLimit) {
    this.tokens = tokens;
    this.rateLimit = rateLimit;
  }

  @Override
  public void handle(Context context) {
    Set<RouteRole> wanted = context.routeRoles();
    if (wanted.contains(HttpRole.ANYONE)) {
      return;
    }
    HttpTokens known = tokens.now();
    Optional<Caller> caller = bearer(context).flatMap(known::caller);
    caller.ifPresent(who -> HttpCaller.set(context, who));
    Duration wait = rateLimit.count(caller.map(Caller::id).orElseGet(context::ip));
    if (!wait.isZero()) {
      context.header(Header.RETRY_AFTER, Long.toString(wait.plusMillis(999).toSeconds()));
      refuse(
          context,
          HttpStatus.TOO_MANY_REQUESTS,
          "too many requests per minute (http-rate-limit); retry later");
    } else if (!tokens.areRequired()) {
      return;
    } else if (caller.isEmpty() && tokens.haveExpired()) {
      context.header(Header.RETRY_AFTER, Long.toString(RETRY_WHEN_INVALID.toSeconds()));
      refuse(
          context,
          HttpStatus.SERVICE_UNAVAILABLE,
          "the service's tokens are invalid (http-tokens-file); see /health/ready");
    } else if (caller.isEmpty()) {
      context.header(Header.WWW_AUTHENTICATE, "Bearer");
      refuse(
          context,
          HttpStatus.UNAUTHORIZED,
          "missing or unknown token, expected Authorization:" + " Bearer TOKEN");
    } else if (!isEnough(caller.get(), wanted)) {
      context.header(Header.WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\"");
      refuse(context, HttpStatus.FORBIDDEN, "the token lacks the role for this request");
    }
  }

  private static boolean isEnough(Caller caller, Set<RouteRole> wanted) {
    return wanted.isEmpty()
        ? caller.may(HttpRole.ADMIN)
        : wanted.stream().anyMatch(role -> role instanceof HttpRole known && caller.may(known));
  }

  private static Optional<String> bearer(Context context) {
    Matcher header =
        BEARER.matcher(Optional.ofNullable(context.header(Header.AUTHORIZATION)).orElse(""));
    return header.matches() ? Optional.of(header.group(1)) : Optional.empty();
  }

  private static void refuse(Context context, HttpStatus status, String message) {
    HttpErrors.answer(context, status, message);
    context.skipRemainingHandlers();
  }
}
