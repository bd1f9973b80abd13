package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.ScanSource;

class ProvenanceTest {

  @ParameterizedTest
  @ValueSource(strings = {"abnormal", "ABNORMAL", "Abnormal"})
  void readsAFindingInCapitalsOrNot(String text) {
    assertThat(Provenance.finding("label", text)).isEqualTo(Finding.ABNORMAL);
  }

  @Test
  void refusesAnotherFinding() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Provenance.finding("label", "sick\n"))
        .withMessage("label: 'sick\uFFFD', expected 'normal' or 'abnormal'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "tab\t", "näme"})
  void refusesAnInvalidStudyKey(String key) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(key))
        .withMessageStartingWith("study: '");
  }

  @Test
  void limitsTheStudyKeysLength() {
    assertThat(of("k".repeat(128)).studyKey()).contains("k".repeat(128));
    assertThatIllegalArgumentException().isThrownBy(() -> of("k".repeat(129)));
  }

  private static Provenance of(String key) {
    return new Provenance(ScanSource.HTTP, Optional.of(key), Optional.empty());
  }
}
