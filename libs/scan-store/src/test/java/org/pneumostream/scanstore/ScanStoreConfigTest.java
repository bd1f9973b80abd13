package org.pneumostream.scanstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.runtime.TracingConfig;
import org.pneumostream.settings.DataDir;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

class ScanStoreConfigTest {
  private static final List<Setting<?>> SETTINGS =
      Stream.of(List.of(DataDir.SETTING), ScanStoreConfig.ALL, TracingConfig.ALL)
          .<Setting<?>>flatMap(List::stream)
          .toList();

  private static final String SCAN_ID = "0f".repeat(32);

  @TempDir Path temp;

  @Test
  void defaultsToADirectoryUnderDataDir() throws Exception {
    assertThat(uriOfAScan(Map.of("data-dir", temp.toString(), "scan-store-min-free", "0")))
        .startsWith(temp.resolve("scan-store").toUri().toString());
  }

  @Test
  void isTheDirectoryThatAFileUriNames() throws Exception {
    String uri = temp.resolve("at the hospital").toUri().toString();

    assertThat(uriOfAScan(Map.of("scan-store", uri, "scan-store-min-free", "0")))
        .startsWith(uri + "/" + SCAN_ID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scans",
        "/var/scans",
        "file:scans",
        "file://host/scans",
        "http://host/scans",
        "s3:scans",
        "s3:///scans",
        "s3://Scans",
        "s3://ab",
        "s3://scans:9000",
        "s3://scans//x",
        "s3://scans/a b",
        "s3://scans/%2e%2e",
        "s3://scans#x"
      })
  void refusesInvalidStoreAddresses(String text) {
    assertThatThrownBy(() -> Settings.of(SETTINGS, Map.of("scan-store", text)))
        .isInstanceOf(SettingException.class)
        .hasMessage("scan-store: '%s', expected file:///DIRECTORY or s3://BUCKET/PREFIX", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"minio:9000", "ftp://minio", "http:///x", "http://minio#x"})
  void refusesInvalidEndpoints(String text) {
    assertThatThrownBy(() -> Settings.of(SETTINGS, Map.of("scan-store-s3-endpoint", text)))
        .isInstanceOf(SettingException.class)
        .hasMessage("scan-store-s3-endpoint: '%s', expected an http or https URL", text);
  }

  @ParameterizedTest
  @CsvSource({
    "scan-store,             s3://key:secret@scans",
    "scan-store,             s3://scans?token=secret",
    "scan-store-s3-endpoint, https://key:secret@minio",
    "scan-store-s3-endpoint, https://minio?token=secret",
    "otlp-endpoint,          http://user:secret@collector",
    "otlp-endpoint,          http://collector?token=secret",
    "otlp-endpoint,          user:secret@collector"
  })
  void refusesAnAddressWithASecretWithoutQuotingIt(String key, String address) {
    assertThatThrownBy(() -> Settings.of(SETTINGS, Map.of(key, address)))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(key + ": a value with '@' or '?' in it, not shown, expected ");
  }

  @ParameterizedTest
  @CsvSource({
    "s3://scans,       scans, ''",
    "s3://scans/,      scans, ''",
    "s3://scans/a,     scans, a/",
    "s3://my.scans/a/b-1_2/, my.scans, a/b-1_2/"
  })
  void takesABucketWithOrWithoutAPrefix(String uri, String name, String prefix) {
    assertThat(S3Bucket.of(URI.create(uri))).isEqualTo(new S3Bucket(name, prefix));
  }

  private static String uriOfAScan(Map<String, String> settings) throws Exception {
    try (ScanStore store = ScanStore.open(ScanStoreConfig.from(Settings.of(SETTINGS, settings)))) {
      return store.put(SCAN_ID, new ByteArrayInputStream(new byte[3])).getUri();
    }
  }
}
