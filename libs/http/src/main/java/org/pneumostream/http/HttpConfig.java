package org.pneumostream.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.pneumostream.settings.SecretFile;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

/**
 * How a service listens, and who may call it.
 *
 * @param host address to listen on; without tokens a loopback address
 * @param names host names of the service
 * @param fixedTokens tokens and their roles, from the environment or the settings file
 * @param tokensFile more tokens, read again when changed; without any tokens everyone may do
 *     everything
 * @param tokensGrace how long tokens stay valid after their file has become invalid
 * @param keyStore for TLS; plain HTTP if empty
 * @param idleTimeout longest silence of a client within a request, and longest time for its headers
 * @param minBodyRate least average rate of a body, in bytes per second; 0 for no limit
 * @param requestsPerMinute most requests of each client; 0 for no limit
 */
public record HttpConfig(
    String host,
    HostNames names,
    HttpTokens fixedTokens,
    Optional<Path> tokensFile,
    Duration tokensGrace,
    Optional<HttpKeyStore> keyStore,
    Duration idleTimeout,
    long minBodyRate,
    int requestsPerMinute) {

  public static final Setting<String> HOST =
      Setting.text(
          "http-host",
          "127.0.0.1",
          "Address that health, metrics and ingest listen on; 0.0.0.0 for all, which"
              + " requires tokens.");
  public static final Setting<HostNames> HOSTS =
      new Setting<>(
          "http-hosts",
          "",
          "host names separated by commas, such as 'scans.example.org'",
          "Host names, besides localhost and addresses, that a service without tokens accepts;"
              + " set it behind a proxy.",
          HostNames::parse);
  public static final Setting<Path> TOKENS_FILE =
      Setting.path(
          "http-tokens-file",
          "",
          "File with HTTP tokens: lines 'role[,role...] = token', read again when changed.");
  public static final Setting<String> TOKENS =
      Setting.secret("http-tokens", "HTTP tokens: 'role[,role...] = token; ...'.");
  public static final Setting<Duration> TOKENS_GRACE =
      Setting.duration(
          "http-tokens-grace",
          "5 m",
          Duration.ZERO,
          Duration.ofDays(7),
          "How long the tokens of http-tokens-file stay valid after the file has become invalid.");
  public static final Setting<Path> KEYSTORE =
      Setting.path("http-keystore", "", "PKCS12 key store; switches HTTP to TLS.");
  public static final Setting<String> KEYSTORE_PASSWORD =
      Setting.secret("http-keystore-password", "Password of the key store.");
  public static final Setting<Path> KEYSTORE_PASSWORD_FILE =
      Setting.path("http-keystore-password-file", "", "File with the key store's password.");
  public static final Setting<Duration> IDLE_TIMEOUT =
      Setting.duration(
          "http-idle-timeout",
          "30 s",
          Duration.ofMillis(1),
          Duration.ofHours(1),
          "Longest silence of a client within a request, and longest time for its headers.");
  public static final Setting<Long> MIN_BODY_RATE =
      Setting.size(
          "http-min-body-rate",
          "256 KiB",
          0,
          1L << 30,
          "Least average size per second of a request body, after http-idle-timeout.");
  public static final Setting<Integer> RATE_LIMIT =
      Setting.integer(
          "http-rate-limit",
          0,
          0,
          1_000_000,
          "Requests per minute for each token, or for each address without a token; 0 for"
              + " no limit.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(HttpConfig.class);

  public HttpConfig {
    if (fixedTokens.isEmpty() && tokensFile.isEmpty() && !isLoopback(host)) {
      throw new SettingException(
          HOST.key(),
          host,
          "a loopback address such as 127.0.0.1, unless %s or %s defines tokens"
              .formatted(TOKENS_FILE.key(), TOKENS.environmentName()));
    }
  }

  /**
   * Reads tokens and key store, too.
   *
   * @throws SettingException if a setting, or the file that it names, is invalid
   */
  public static HttpConfig from(Settings settings) {
    settings.find(TOKENS_FILE).ifPresent(HttpTokens::read);
    return new HttpConfig(
        settings.get(HOST),
        settings.find(HOSTS).orElse(HostNames.NONE),
        settings.has(TOKENS)
            ? HttpTokens.parse(TOKENS.key(), settings.get(TOKENS))
            : HttpTokens.NONE,
        settings.find(TOKENS_FILE),
        settings.get(TOKENS_GRACE),
        settings.find(KEYSTORE).map(file -> HttpKeyStore.read(file, password(settings))),
        settings.get(IDLE_TIMEOUT),
        settings.get(MIN_BODY_RATE),
        settings.get(RATE_LIMIT));
  }

  /** Whether requests need a token; constant while the service runs. */
  boolean needsTokens() {
    return !fixedTokens.isEmpty() || tokensFile.isPresent();
  }

  /** Whether only processes of this machine can connect. */
  public boolean isLocal() {
    return isLoopback(host);
  }

  private static String password(Settings settings) {
    if (settings.has(KEYSTORE_PASSWORD)) {
      return settings.get(KEYSTORE_PASSWORD);
    }
    return settings
        .find(KEYSTORE_PASSWORD_FILE)
        .map(file -> SecretFile.read(KEYSTORE_PASSWORD_FILE, file).strip())
        .orElseThrow(
            () ->
                new SettingException(
                    "%s: not set; set it in %s or in the environment as %s"
                        .formatted(
                            KEYSTORE_PASSWORD.key(),
                            KEYSTORE_PASSWORD_FILE.key(),
                            KEYSTORE_PASSWORD.environmentName())));
  }

  private static boolean isLoopback(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      throw new SettingException(HOST.key(), host, "an address of this machine");
    }
  }
}
