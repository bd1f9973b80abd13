package org.pneumostream.settings;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The variables that Kubernetes sets in a container for each Service. For a Service named {@code
 * pneumostream-ingest} they start with our prefix, for example {@code PNEUMOSTREAM_INGEST_PORT}.
 */
final class KubernetesVariables {
  private static final String HOST = "_SERVICE_HOST";
  private static final String PORT = "_PORT";

  /**
   * The part after the Service's name. The second form is compatible with Docker's legacy links.
   */
  private static final Pattern FORM =
      Pattern.compile(
          "(_SERVICE_HOST|_SERVICE_PORT(_[A-Z0-9_]+)?"
              + "|_PORT(_\\d{1,5}_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

  private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://.+:\\d{1,5}");

  /** Names of Services, as the variables spell them. */
  private final Set<String> services;

  private KubernetesVariables(Set<String> services) {
    this.services = services;
  }

  /** Finds the Services in an environment: each has a host and a port. */
  static KubernetesVariables in(Map<String, String> environment) {
    return new KubernetesVariables(
        environment.keySet().stream()
            .filter(name -> name.endsWith(HOST))
            .map(name -> name.substring(0, name.length() - HOST.length()))
            .filter(service -> environment.containsKey(service + "_SERVICE_PORT"))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Whether Kubernetes set this variable; a port that is a plain number is a user's setting. */
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
