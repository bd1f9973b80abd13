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
 * Refuses what a page of another site has somebody's browser send: it reaches a loopback address,
 * too. Every browser says of which page a request that changes something is ({@code Origin}), newer
 * ones of every request how the page is related ({@code Sec-Fetch-Site}). A page whose name was
 * made to point here counts as this service's own for the browser, and is known by the name in
 * {@code Host}. That name does not matter where tokens are asked for: no page knows one, and
 * browsers add none by themselves, so that services can be called by any name in a network.
 */
public final class BrowserGuard implements Handler {
  private static final String SEC_FETCH_SITE = "Sec-Fetch-Site";

  /** From a page of this service's own, or from no page. */
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
          "%s: '%s' is not a name of this service, expected an address, localhost or one of %s"
              .formatted(Header.HOST, host, HttpConfig.HOSTS.key()));
      return;
    }
    for (String origin : values(context, Header.ORIGIN)) {
      if (!names.isThisOrigin(origin, host)) {
        refuse(
            context,
            "%s: '%s' is another site than this service; further names of this service go into %s"
                .formatted(Header.ORIGIN, origin, HttpConfig.HOSTS.key()));
        return;
      }
    }
    for (String site : values(context, SEC_FETCH_SITE)) {
      if (!OWN.contains(site.toLowerCase(Locale.ROOT))) {
        refuse(
            context,
            "%s: '%s', expected a request that no page of another site has made"
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
