package org.pneumostream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordPlaceTest {
  @Test
  void readsWhatItWroteAndReplacesAnEarlierHeader() {
    RecordHeaders headers = new RecordHeaders();
    new RecordPlace(1, 2).write(RecordPlace.SCAN, headers);
    new RecordPlace(3, 1234).write(RecordPlace.SCAN, headers);

    assertThat(headers.headers(RecordPlace.SCAN)).hasSize(1);
    assertThat(headers.lastHeader("scan-place").value()).asString().isEqualTo("3@1234");
    assertThat(RecordPlace.read(RecordPlace.SCAN, headers)).contains(new RecordPlace(3, 1234));
    assertThat(RecordPlace.read(RecordPlace.VOLUME, headers)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "3", "3@", "@3", "-1@2", "1@-2", "1@2@3", "a@b", "1@9999999999999999999"})
  void isEmptyIfTheHeaderIsMalformed(String text) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(RecordPlace.SCAN, text.getBytes(StandardCharsets.US_ASCII));

    assertThat(RecordPlace.read(RecordPlace.SCAN, headers)).isEmpty();
  }

  @Test
  void isEmptyIfTheHeaderHasNoValue() {
    RecordHeaders headers = new RecordHeaders();
    headers.add(RecordPlace.SCAN, null);

    assertThat(RecordPlace.read(RecordPlace.SCAN, headers)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 5, true", "0, 4, false", "0, 3, false", "1, 5, false"})
  void isBehindOnlyWithinItsPartition(int partition, long offset, boolean isBehind) {
    assertThat(new RecordPlace(partition, offset).isBehind(new RecordPlace(0, 4)))
        .isEqualTo(isBehind);
  }
}
