package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

@Timeout(60)
class HttpTlsTest {
  private static final String PASSWORD = "correct horse";

  @TempDir static Path temp;
  private static Path keyStore;

  /** A key and its certificate for 127.0.0.1, made by the JDK's own tool. */
  @BeforeAll
  static void makeKeyStore() throws Exception {
    keyStore = temp.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                keyStore.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
  }

  @Test
  void speaksTlsWithTheKeyOfItsKeyStore() throws Exception {
    try (ServerFixture fixture = new ServerFixture(settings(PASSWORD))) {
      HttpClient client = HttpClient.newBuilder().sslContext(trusting(keyStore)).build();
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("https://127.0.0.1:" + fixture.server.port() + "/health/live"))
                  .build(),
              BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @Test
  void doesNotAnswerPlainHttpWithAKeyStore() throws Exception {
    try (ServerFixture fixture = new ServerFixture(settings(PASSWORD));
        Socket socket = fixture.connect()) {
      socket
          .getOutputStream()
          .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());

      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("HTTP/1.1");
    }
  }

  @Test
  void readsThePasswordFromAFile() throws Exception {
    Path file =
        Files.createFile(
            temp.resolve("password"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, PASSWORD + "\n");

    HttpConfig config =
        config(
            Map.of(
                "http-keystore", keyStore.toString(),
                "http-keystore-password-file", file.toString()));

    assertThat(config.keyStore()).isPresent();
  }

  @Test
  void doesNotStartWithAWrongPasswordAndDoesNotQuoteIt() {
    assertThatThrownBy(() -> config(settings("wrong horse")))
        .isInstanceOf(SettingException.class)
        .hasMessage("http-keystore-password: does not open the key store " + keyStore);
  }

  @Test
  void doesNotStartWithoutAPassword() {
    assertThatThrownBy(() -> config(Map.of("http-keystore", keyStore.toString())))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("http-keystore-password: not set; set it in ");
  }

  @Test
  void doesNotStartWithAnInvalidKeyStore() throws Exception {
    Path text = Files.writeString(temp.resolve("text"), "no key store");
    Path missing = temp.resolve("missing.p12");

    assertThatThrownBy(
            () ->
                config(Map.of("http-keystore", missing.toString(), "http-keystore-password", "x")))
        .isInstanceOf(SettingException.class)
        .hasMessage("http-keystore: '" + missing + "', expected an existing file");
    assertThatThrownBy(
            () -> config(Map.of("http-keystore", text.toString(), "http-keystore-password", "x")))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("http-keystore: '" + text + "', expected a PKCS12 key store");
  }

  private static Map<String, String> settings(String password) {
    return Map.of("http-keystore", keyStore.toString(), "http-keystore-password", password);
  }

  private static HttpConfig config(Map<String, String> settings) {
    return HttpConfig.from(Settings.of(HttpConfig.ALL, settings));
  }

  private static SSLContext trusting(Path store) throws Exception {
    KeyStore own = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      own.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", own.getCertificate(own.aliases().nextElement()));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
