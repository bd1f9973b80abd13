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
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.ingest.IngestConfig;
import org.pneumostream.preprocess.PreprocessConfig;
import org.pneumostream.scorer.ScorerConfig;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;
import org.pneumostream.trainer.TrainerConfig;

/**
 * How services are asked how they are.
 *
 * @param services where, by name
 * @param client that asks
 */
public record StatusConfig(Map<String, URI> services, HttpClient client) {
  public static final Setting<URI> INGEST_URL = url("ingest");
  public static final Setting<URI> PREPROCESS_URL = url("preprocess-stream");
  public static final Setting<URI> SCORER_URL = url("scorer");
  public static final Setting<URI> TRAINER_URL = url("trainer");
  public static final Setting<Path> TRUST =
      Setting.path(
          "http-trust",
          "",
          "PEM file of certificates by which status trusts services; otherwise the JVM's own.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(StatusConfig.class);

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  static StatusConfig from(Settings settings) {
    Map<String, URI> services = new LinkedHashMap<>();
    services.put("ingest", address(settings, INGEST_URL, IngestConfig.INGEST_PORT));
    services.put("preprocess-stream", address(settings, PREPROCESS_URL, PreprocessConfig.PORT));
    services.put("scorer", address(settings, SCORER_URL, ScorerConfig.PORT));
    services.put("trainer", address(settings, TRAINER_URL, TrainerConfig.PORT));
    HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(PATIENCE);
    settings.find(TRUST).ifPresent(file -> client.sslContext(trusting(file)));
    return new StatusConfig(services, client.build());
  }

  private static Setting<URI> url(String service) {
    return Setting.url(
        service + "-url",
        "Where status asks " + service + "; by default at http-host and its port.");
  }

  private static URI address(Settings settings, Setting<URI> url, Setting<Integer> port) {
    String scheme = settings.has(HttpConfig.KEYSTORE) ? "https" : "http";
    return settings
        .find(url)
        .orElseGet(
            () ->
                URI.create(
                    scheme + "://" + settings.get(HttpConfig.HOST) + ":" + settings.get(port)));
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
