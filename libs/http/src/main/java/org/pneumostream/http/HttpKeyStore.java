package org.pneumostream.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.pneumostream.settings.SettingException;

/** Key and certificate for TLS 1.2 and 1.3, read at start. */
final class HttpKeyStore {
  private final KeyStore keys;
  private final String password;

  private HttpKeyStore(KeyStore keys, String password) {
    this.keys = keys;
    this.password = password;
  }

  /**
   * Reads a PKCS #12 key store.
   *
   * @throws SettingException if it cannot be read, the password does not open it, or it has no key
   */
  static HttpKeyStore read(Path file, String password) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, password.toCharArray());
      for (String alias : Collections.list(keys.aliases())) {
        if (keys.isKeyEntry(alias)) {
          keys.getKey(alias, password.toCharArray());
          return new HttpKeyStore(keys, password);
        }
      }
      throw wrong(file, "a key store with a private key");
    } catch (NoSuchFileException e) {
      throw wrong(file, "an existing file");
    } catch (IOException e) {
      throw e.getCause() instanceof UnrecoverableKeyException
          ? wrongPassword(file)
          : wrong(file, "a PKCS12 key store (" + e + ")");
    } catch (UnrecoverableKeyException e) {
      throw wrongPassword(file);
    } catch (GeneralSecurityException e) {
      throw wrong(file, "a PKCS12 key store (" + e + ")");
    }
  }

  /** Wraps another protocol in TLS. */
  SslConnectionFactory around(String protocol) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStore(keys);
    tls.setKeyStorePassword(password);
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    return new SslConnectionFactory(tls, protocol);
  }

  private static SettingException wrong(Path file, String expected) {
    return new SettingException(HttpConfig.KEYSTORE.key(), file.toString(), expected);
  }

  private static SettingException wrongPassword(Path file) {
    return new SettingException(
        HttpConfig.KEYSTORE_PASSWORD.key() + ": does not open the key store " + file);
  }
}
