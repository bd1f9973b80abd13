package org.pneumostream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.http.HttpTokens.Caller;
import org.pneumostream.settings.SettingException;

class HttpTokensTest {
  private static final String FIRST = "first-token-0123456789";
  private static final String SECOND = "c2Vjb25kIHRva2Vu+/012==";

  @Test
  void readsRolesAndTokensLineByLine() {
    HttpTokens tokens =
        HttpTokens.parse(
            "tokens",
            """
            # The scanners of ward 3
            push, label = %s   # since November

            read=%s
            """
                .formatted(FIRST, SECOND));

    assertThat(tokens.size()).isEqualTo(2);
    assertThat(tokens.caller(FIRST).orElseThrow().roles())
        .containsExactlyInAnyOrder(HttpRole.PUSH, HttpRole.LABEL);
    assertThat(tokens.caller(SECOND).orElseThrow().roles()).containsExactly(HttpRole.READ);
    assertThat(tokens.caller(FIRST + "0")).isEmpty();
    assertThat(tokens.caller("")).isEmpty();
  }

  @Test
  void readsEntriesOfOneLine() {
    HttpTokens tokens =
        HttpTokens.parse("http-tokens", "push=" + FIRST + "; admin=" + SECOND + ";");

    Caller admin = tokens.caller(SECOND).orElseThrow();
    assertThat(admin.may(HttpRole.PUSH)).isTrue();
    assertThat(admin.may(HttpRole.READ)).isTrue();
    Caller push = tokens.caller(FIRST).orElseThrow();
    assertThat(push.may(HttpRole.PUSH)).isTrue();
    assertThat(push.may(HttpRole.ADMIN)).isFalse();
    assertThat(push.id()).isNotEqualTo(admin.id()).hasSize(12);
    assertThat(FIRST).doesNotContain(push.id());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | tokens: contains no token, expected 'role[,role...] = token'",
        "'# nothing' | tokens: contains no token, expected 'role[,role...] = token'",
        "SECRET | tokens, line 1: missing '=', expected",
        "'SECRET = push' | tokens, line 1: unknown role, expected push, label, read or admin",
        "'anyone = SECRET' | tokens, line 1: unknown role",
        "'push, = SECRET' | tokens, line 1: unknown role",
        "'= SECRET' | tokens, line 1: unknown role",
        "'push = short' | tokens, line 1: invalid token, expected 16 to 512",
        "'push = SECRET SECRET' | tokens, line 1: invalid token",
        "'push = SECRET\u00e4' | tokens, line 1: invalid token"
      })
  void refusesAnInvalidEntryWithoutQuotingIt(String text, String message) {
    String secret = "secret-token-0123456789";

    assertThatThrownBy(() -> HttpTokens.parse("tokens", text.replace("SECRET", secret)))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(message)
        .message()
        .doesNotContain(secret, "short");
  }

  @Test
  void namesTheLine() {
    assertThatThrownBy(() -> HttpTokens.parse("tokens", "# one\n\npush = " + FIRST + "\nbroken"))
        .hasMessageStartingWith("tokens, line 4: ");
  }
}
