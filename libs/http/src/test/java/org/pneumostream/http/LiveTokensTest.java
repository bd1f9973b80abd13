package org.pneumostream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

class LiveTokensTest {
  private static final String FIXED = "fixed-token-0123456789";
  private static final String OLD = "old-token-0123456789";
  private static final String NEW = "new-token-0123456789";

  private static final Duration GRACE = Duration.ofMinutes(5);

  @TempDir Path temp;
  private Path file;
  private long nanoTime;

  @BeforeEach
  void writeFile() throws Exception {
    file = Files.writeString(temp.resolve("tokens"), "push = " + OLD);
    permit("rw-r-----");
  }

  @Test
  void rereadsAChangedFileAfterASecond() throws Exception {
    LiveTokens tokens = tokens();
    Files.writeString(file, "push = " + NEW);

    later(Duration.ofMillis(999));
    assertThat(tokens.now().caller(OLD)).isPresent();
    later(Duration.ofMillis(1));
    assertThat(tokens.now().caller(OLD)).isEmpty();
    assertThat(tokens.now().caller(NEW)).isPresent();
    assertThat(tokens.now().caller(FIXED)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "push", "admin = short"})
  void keepsTheOldTokensWhenTheFileHasBecomeInvalid(String text) throws Exception {
    LiveTokens tokens = tokens();
    Files.writeString(file, text);
    later(Duration.ofSeconds(1));
    assertThat(tokens.now().caller(OLD)).isPresent();

    Files.writeString(file, "push = " + NEW);
    later(Duration.ofSeconds(1));
    assertThat(tokens.now().caller(OLD)).isEmpty();
    assertThat(tokens.now().caller(NEW)).isPresent();
  }

  @Test
  void keepsTheOldTokensWhenTheFileIsGone() throws Exception {
    LiveTokens tokens = tokens();
    Files.delete(file);
    later(Duration.ofSeconds(1));

    assertThat(tokens.now().caller(OLD)).isPresent();
  }

  @Test
  void keepsTheOldTokensWhenOthersCanReadTheFile() throws Exception {
    LiveTokens tokens = tokens();
    Files.writeString(file, "push = " + NEW);
    permit("rw-r--r--");
    later(Duration.ofSeconds(1));

    assertThat(tokens.now().caller(OLD)).isPresent();
    assertThat(tokens.now().caller(NEW)).isEmpty();
  }

  @Test
  void reportsSinceWhenAndWhyTheFileIsInvalid() throws Exception {
    LiveTokens tokens = tokens();
    assertThat(tokens.problem()).isEmpty();
    assertThat(tokens.invalidFor()).isZero();

    permit("rw-r--r--");
    later(Duration.ofSeconds(1));
    assertThat(tokens.problem())
        .isEqualTo(
            "http-tokens-file: '%s', expected a file that others cannot access;".formatted(file)
                + " run chmod o-rwx; the tokens read before stay valid for 300 s from then on (http-tokens-grace)");
    later(Duration.ofSeconds(7));
    assertThat(tokens.invalidFor()).isEqualTo(Duration.ofSeconds(7));

    permit("rw-------");
    later(Duration.ofSeconds(1));
    assertThat(tokens.problem()).isEmpty();
    assertThat(tokens.invalidFor()).isZero();
  }

  @Test
  void dropsTheFilesTokensAfterTheGracePeriod() throws Exception {
    LiveTokens tokens = tokens();
    Files.writeString(file, "push = ");
    later(Duration.ofSeconds(1));
    tokens.now();

    later(GRACE.minusNanos(1));
    assertThat(tokens.now().caller(OLD)).isPresent();
    assertThat(tokens.haveExpired()).isFalse();
    later(Duration.ofNanos(1));
    assertThat(tokens.now().caller(OLD)).isEmpty();
    assertThat(tokens.now().caller(FIXED)).isPresent();
    assertThat(tokens.haveExpired()).isTrue();
    assertThat(tokens.problem()).endsWith("; the tokens read before are no longer valid");

    Files.writeString(file, "push = " + NEW);
    later(Duration.ofSeconds(1));
    assertThat(tokens.now().caller(NEW)).isPresent();
    assertThat(tokens.haveExpired()).isFalse();
  }

  @Test
  void gracePeriodStartsWithTheFirstFault() throws Exception {
    LiveTokens tokens = tokens();
    permit("rw-r--r--");
    later(Duration.ofSeconds(1));
    tokens.now();
    permit("rw-r-----");
    Files.writeString(file, "push");
    later(GRACE);

    assertThat(tokens.haveExpired()).isTrue();
  }

  @Test
  void doesNotStartWithAFileThatOthersCanRead() throws Exception {
    permit("rw-r--r--");

    assertThatThrownBy(this::tokens)
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "http-tokens-file: '%s', expected a file that others cannot access; run chmod o-rwx"
                .formatted(file));
  }

  @Test
  void doesNotStartWithoutTheFile() throws Exception {
    Files.delete(file);

    assertThatThrownBy(this::tokens)
        .isInstanceOf(SettingException.class)
        .hasMessage("http-tokens-file: '%s', expected an existing file".formatted(file));
  }

  @Test
  void doesNotStartWithAFileThatIsTooLargeOrADirectory() throws Exception {
    Files.writeString(file, "x".repeat((64 << 10) + 1));
    assertThatThrownBy(this::tokens).hasMessageContaining("expected a file of at most 65536 bytes");

    file = Files.createDirectory(temp.resolve("folder"));
    permit("rwx------");
    assertThatThrownBy(this::tokens)
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("http-tokens-file: '" + file + "', expected a readable file");
  }

  private LiveTokens tokens() {
    Map<String, String> settings =
        Map.of(
            "http-tokens",
            "read = " + FIXED,
            "http-tokens-file",
            file.toString(),
            "http-tokens-grace",
            GRACE.toSeconds() + " s");
    return new LiveTokens(HttpConfig.from(Settings.of(HttpConfig.ALL, settings)), () -> nanoTime);
  }

  private void later(Duration time) {
    nanoTime += time.toNanos();
  }

  private void permit(String permissions) throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
