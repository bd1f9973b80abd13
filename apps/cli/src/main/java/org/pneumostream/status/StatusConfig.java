package org.pneumostream.status;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.services.ServiceType;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

/**
 * How status asks the services.
 *
 * @param services addresses by name
 * @param trust PEM file of trusted certificates; the JVM's own if empty
 */
public record StatusConfig(Map<String, URI> services, Optional<Path> trust) {
  public static final Setting<Path> TRUST =
      Setting.path(
          "http-trust", "", "PEM file of certificates that status trusts; the JVM's own if unset.");

  public static final List<Setting<?>> ALL =
      Stream.<Setting<?>>concat(
              Stream.of(ServiceType.values()).map(StatusConfig::url), Stream.of(TRUST))
          .toList();

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  static StatusConfig from(Settings settings) {
    Map<String, URI> services = new LinkedHashMap<>();
    for (ServiceType service : ServiceType.values()) {
      services.put(service.toString(), address(settings, service));
    }
    return new StatusConfig(services, settings.find(TRUST));
  }

  /**
   * A client that trusts the configured certificates.
   *
   * @throws SettingException if the certificates cannot be read
   */
  HttpClient newClient() {
    HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(PATIENCE);
    trust.ifPresent(file -> client.sslContext(trusting(file)));
    return client.build();
  }

  private static Setting<URI> url(ServiceType service) {
    return Setting.url(
        service + "-url",
        "Address at which status asks " + service + "; by default http-host and its port.");
  }

  private static URI address(Settings settings, ServiceType service) {
    String scheme = settings.has(HttpConfig.KEYSTORE) ? "https" : "http";
    return settings
        .find(url(service))
        .orElseGet(
            () ->
                URI.create(
                    "%s://%s:%s"
                        .formatted(
                            scheme, settings.get(HttpConfig.HOST), settings.get(service.port()))));
  }

  private static SSLContext trusting(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry(Integer.toString(store.size()), one);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new SettingException(TRUST.key() + ": cannot read " + file + ": " + e);
    }
  }
}
