package org.pneumostream.settings;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The variables by which Kubernetes tells a container of each Service: for one that is named {@code
 * pneumostream-ingest} they begin as our settings do, and {@code PNEUMOSTREAM_INGEST_PORT} is one.
 */
final class KubernetesVariables {
  private static final String HOST = "_SERVICE_HOST";
  private static final String PORT = "_PORT";

  /** What follows the Service's name. The second is compatible with Docker's links of old. */
  private static final Pattern FORM =
      Pattern.compile(
          "(_SERVICE_HOST|_SERVICE_PORT(_[A-Z0-9_]+)?"
              + "|_PORT(_\\d{1,5}_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

  private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://.+:\\d{1,5}");

  /** The names of Services, as variables spell them. */
  private final Set<String> services;

  private KubernetesVariables(Set<String> services) {
    this.services = services;
  }

  /** Those of a container: each Service has a host and a port there. */
  static KubernetesVariables in(Map<String, String> environment) {
    return new KubernetesVariables(
        environment.keySet().stream()
            .filter(name -> name.endsWith(HOST))
            .map(name -> name.substring(0, name.length() - HOST.length()))
            .filter(service -> environment.containsKey(service + "_SERVICE_PORT"))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Whether Kubernetes has set this; a port that is a number is someone's setting. */
  boolean contains(String name, String value) {
    return services.stream()
        .filter(name::startsWith)
        .map(service -> name.substring(service.length()))
        .anyMatch(
            rest ->
                FORM.matcher(rest).matches()
                    && (!rest.equals(PORT) || ADDRESS.matcher(value).matches()));
  }
}
