package org.pneumostream.http;

import io.javalin.security.RouteRole;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The role that a route requires, and that a bearer token grants. A route without a role requires
 * {@link #ADMIN}.
 */
public enum HttpRole implements RouteRole {
  /** No token required; tokens cannot have this role. For health. */
  ANYONE,
  /** Scans. */
  PUSH,
  /** Labels. */
  LABEL,
  /** Metrics. */
  READ,
  /** Everything. */
  ADMIN;

  /** The role that a tokens entry calls by its name in lower case. */
  static Optional<HttpRole> ofToken(String name) {
    return Arrays.stream(values())
        .filter(role -> role != ANYONE && role.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }
}
