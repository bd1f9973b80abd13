package org.pneumostream.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * This service's names in HTTP: every IP address, {@code localhost}, and those of the setting.
 * Every address counts, since a request with an address in {@code Host} was sent to that address: a
 * probe, a scrape, a mapped port. Other names do not, since their owner can make them resolve to
 * this service (DNS rebinding).
 */
final class HostNames {
  static final HostNames NONE = new HostNames(Set.of());

  private static final String NAME = "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?";
  private static final Pattern NAMES = Pattern.compile(NAME + "(\\." + NAME + ")*");
  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern ADDRESS =
      Pattern.compile("\\[[0-9A-Fa-f:.]+]|" + BYTE + "(\\." + BYTE + "){3}");
  private static final Pattern AUTHORITY =
      Pattern.compile("(?<host>\\[[^\\[\\]@/]*]|[^:@/\\[\\]]+)(:(?<port>\\d{0,5}))?");
  private static final Pattern ORIGIN =
      Pattern.compile("(?<scheme>(?i:https?))://(?<authority>.*)");

  private final Set<String> further;

  private HostNames(Set<String> further) {
    this.further = further;
  }

  /**
   * Parses names separated by commas.
   *
   * @throws IllegalArgumentException if one is not a host name
   */
  static HostNames parse(String text) {
    List<String> names =
        Arrays.stream(text.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
    for (String name : names) {
      if (!NAMES.matcher(name).matches()) {
        throw new IllegalArgumentException(name);
      }
    }
    return new HostNames(names.stream().map(HostNames::lowerCase).collect(Collectors.toSet()));
  }

  /** Whether {@code Host} is an address or one of the names, with any port. */
  boolean isThis(String hostHeader) {
    Matcher authority = AUTHORITY.matcher(hostHeader);
    return authority.matches() && isOwn(lowerCase(authority.group("host")));
  }

  /**
   * Whether {@code Origin} is a page of this service: the host and port of the request itself, or
   * one of the configured names, since a proxy may have replaced {@code Host}.
   */
  boolean isThisOrigin(String origin, String hostHeader) {
    Matcher parts = ORIGIN.matcher(origin);
    if (!parts.matches()) {
      return false;
    }
    Matcher page = AUTHORITY.matcher(parts.group("authority"));
    Matcher asked = AUTHORITY.matcher(hostHeader);
    if (!page.matches() || !asked.matches()) {
      return false;
    }
    String scheme = lowerCase(parts.group("scheme"));
    String host = lowerCase(page.group("host"));
    return further.contains(host)
        || host.equals(lowerCase(asked.group("host")))
            && port(page, scheme).equals(port(asked, scheme));
  }

  private boolean isOwn(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return name.equals("localhost") || further.contains(name) || ADDRESS.matcher(host).matches();
  }

  private static String port(Matcher authority, String scheme) {
    String port = authority.group("port");
    return port == null || port.isEmpty() ? scheme.equals("https") ? "443" : "80" : port;
  }

  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
