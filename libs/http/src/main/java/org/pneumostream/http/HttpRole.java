package org.pneumostream.http;

import io.javalin.security.RouteRole;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a route asks of whoever calls it, and what a bearer token is good for. A route that names no
 * role is for {@link #ADMIN}.
 */
public enum HttpRole implements RouteRole {
  /** No token needed, and none says so: health. */
  ANYONE,
  /** Scans. */
  PUSH,
  /** Labels. */
  LABEL,
  /** Metrics. */
  READ,
  /** Everything. */
  ADMIN;

  /** The role that a token may be given, by its name in lower case. */
  static Optional<HttpRole> ofToken(String name) {
    return Arrays.stream(values())
        .filter(role -> role != ANYONE && role.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }
}
