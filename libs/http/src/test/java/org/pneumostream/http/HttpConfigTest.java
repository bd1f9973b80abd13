package org.pneumostream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

class HttpConfigTest {
  private static final String TOKEN = "admin = some-token-0123456789";

  @Test
  void listensOnLoopbackWithoutTlsByDefault() {
    HttpConfig config = config(Map.of());

    assertThat(config.host()).isEqualTo("127.0.0.1");
    assertThat(config.needsTokens()).isFalse();
    assertThat(config.keyStore()).isEmpty();
    assertThat(config.idleTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.minBodyRate()).isEqualTo(256 << 10);
    assertThat(config.isLocal()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "localhost"})
  void acceptsLoopbackAddressesWithoutTokens(String host) {
    assertThat(config(Map.of("http-host", host)).isLocal()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7"})
  void acceptsOtherAddressesOnlyWithTokens(String host) {
    assertThatThrownBy(() -> config(Map.of("http-host", host)))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "http-host: '"
                + host
                + "', expected a loopback address such as 127.0.0.1, unless http-tokens-file or"
                + " PNEUMOSTREAM_HTTP_TOKENS defines tokens");
    assertThat(config(Map.of("http-host", host, "http-tokens", TOKEN)).isLocal()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "http-idle-timeout, 0 s",
    "http-min-body-rate, -1",
    "http-rate-limit, -1",
    "http-rate-limit, many"
  })
  void refusesValuesOutOfRange(String key, String value) {
    assertThatThrownBy(() -> config(Map.of(key, value)))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(key + ": '" + value + "', expected ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http-tokens", "http-keystore-password"})
  void acceptsSecretsFromTheEnvironmentOnly(String key) {
    String name = "PNEUMOSTREAM_" + key.toUpperCase().replace('-', '_');

    Settings settings =
        Settings.load(HttpConfig.ALL, null, Map.of(name, TOKEN), Map.of("http-host", "::1"));
    assertThat(settings.under("http-").values()).contains(TOKEN);
    assertThatThrownBy(() -> Settings.load(HttpConfig.ALL, null, Map.of(), Map.of(key, TOKEN)))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            key
                + ": secrets are not accepted on the command line; set it in the environment as "
                + name);
  }

  private static HttpConfig config(Map<String, String> settings) {
    return HttpConfig.from(Settings.of(HttpConfig.ALL, settings));
  }
}
