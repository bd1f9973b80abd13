package org.pneumostream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryOfTest {
  private static final RetryOf BOTH =
      RetryOf.letters(List.of(12L, 7L)).andScans(Set.of(new RecordPlace(3, 1234)));

  private final RecordHeaders headers = new RecordHeaders();

  @Test
  void readsWhatItWroteAndReplacesAnEarlierHeader() {
    RetryOf.letters(List.of(1L)).write(headers);
    BOTH.write(headers);

    assertThat(headers.headers("retry-of")).hasSize(1);
    assertThat(headers.lastHeader("retry-of").value()).asString().isEqualTo("7,12,3@1234");
    assertThat(RetryOf.read(headers)).isEqualTo(BOTH);
  }

  @Test
  void copiesTheHeaderToDerivedRecordsIfPresent() {
    BOTH.write(headers);
    RecordHeaders made = new RecordHeaders();
    RetryOf.handOn(headers, made);
    assertThat(RetryOf.read(made)).isEqualTo(BOTH);

    RetryOf.handOn(new RecordHeaders(), made);
    assertThat(made).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "a", "-1", "1@", "9999999999999999999", "1 2"})
  void isEmptyIfTheHeaderIsMalformed(String text) {
    headers.add("retry-of", text.getBytes(StandardCharsets.US_ASCII));

    assertThat(RetryOf.read(headers).isNone()).isTrue();
  }

  @Test
  void isEmptyIfTheHeaderHasNoValue() {
    headers.add("retry-of", null);

    assertThat(RetryOf.read(headers).isNone()).isTrue();
  }
}
