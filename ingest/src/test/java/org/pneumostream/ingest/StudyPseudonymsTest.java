package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StudyPseudonymsTest {
  /** Python: {@code hmac.new(b"0123456789abcdef", b"S-1", hashlib.sha256).hexdigest()}. */
  private static final String S_1 =
      "27067f873ac834972e0bc5f48a4d4083450fed6b1f7bc336ddaaab5b39085b10";

  @Test
  void returnsTheHmacOfTheStudyKey() {
    assertThat(new StudyPseudonyms("0123456789abcdef").of("S-1")).isEqualTo(S_1);
  }

  @Test
  void anotherSecretGivesOtherPseudonyms() {
    assertThat(new StudyPseudonyms("0123456789abcdeg").of("S-1")).isNotEqualTo(S_1);
  }

  @Test
  void refusesAWeakSecretWithoutQuotingIt() {
    assertThatThrownBy(() -> new StudyPseudonyms("0123456789abcde"))
        .hasMessage("15 characters, expected at least 16");
  }
}
