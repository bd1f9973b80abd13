package org.pneumostream.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses requests that a page of another site makes a browser send, since browsers reach loopback
 * addresses, too. For requests that change something, every browser names the page's site ({@code
 * Origin}). For all requests, newer browsers tell how the page is related ({@code Sec-Fetch-Site}).
 * If a page's host name was made to resolve to this service (DNS rebinding), the browser treats the
 * page as this service's own; the name in {@code Host} reveals it. The name does not matter if the
 * service requires tokens: no page knows one, and browsers add none by themselves. So services with
 * tokens can have any name in a network.
 */
public final class BrowserGuard implements Handler {
  private static final String SEC_FETCH_SITE = "Sec-Fetch-Site";

  /** From a page of this service, or not from a page. */
  private static final Set<String> OWN = Set.of("same-origin", "none");

  private final HostNames names;
  private final boolean isNameChecked;

  public BrowserGuard(HttpConfig config) {
    this.names = config.names();
    this.isNameChecked = !config.needsTokens();
  }

  @Override
  public void handle(Context context) {
    String host = Optional.ofNullable(context.header(Header.HOST)).orElse("");
    if (isNameChecked && !host.isEmpty() && !names.isThis(host)) {
      refuse(
          context,
          "%s: '%s' is not a name of this service, expected an IP address, localhost or one of %s"
              .formatted(Header.HOST, host, HttpConfig.HOSTS.key()));
      return;
    }
    for (String origin : values(context, Header.ORIGIN)) {
      if (!names.isThisOrigin(origin, host)) {
        refuse(
            context,
            "%s: '%s' is not this service; if it is one of its names, add it to %s"
                .formatted(Header.ORIGIN, origin, HttpConfig.HOSTS.key()));
        return;
      }
    }
    for (String site : values(context, SEC_FETCH_SITE)) {
      if (!OWN.contains(site.toLowerCase(Locale.ROOT))) {
        refuse(
            context,
            "%s: '%s', expected a request that does not come from a page of another site"
                .formatted(SEC_FETCH_SITE, site));
        return;
      }
    }
  }

  private static List<String> values(Context context, String header) {
    return Collections.list(context.req().getHeaders(header));
  }

  private static void refuse(Context context, String message) {
    HttpErrors.answer(context, HttpStatus.FORBIDDEN, message);
    context.skipRemainingHandlers();
  }
}
