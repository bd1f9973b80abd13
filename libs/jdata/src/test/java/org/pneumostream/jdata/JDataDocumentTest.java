package org.pneumostream.jdata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JDataDocumentTest {
  private static final FormatNames NAMES = new FormatNames("Dose", "Plan", "a treatment plan");
  private static final int MOST = 1 << 20;

  @Test
  void readsTreesAndArraysOfTheCallersChoice() throws IOException {
    JDataDocument document =
        text(
            "{\"Plan\": {\"beams\": [1, \"_Inf_\"], \"by\": null}, \"skipped\": [{}], \"Dose\": [1]}");

    assertThat(document.next()).isEqualTo(JDataToken.OBJECT_START);
    assertThat(document.next()).isEqualTo(JDataToken.NAME);
    assertThat(document.text()).isEqualTo("Plan");
    Map<?, ?> plan = (Map<?, ?>) document.tree(document.next());
    assertThat(JDataNumbers.all("beams", plan.get("beams")))
        .containsExactly(1, Double.POSITIVE_INFINITY);
    assertThat(plan.get("by")).isNull();
    document.next();
    document.skip(document.next());
    document.next();
    assertThat(numbers(document.array(document.next(), NumberType.INT16, MOST))).containsExactly(1);
    assertThat(document.next()).isEqualTo(JDataToken.OBJECT_END);
    assertThat(document.next()).isEqualTo(JDataToken.END);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[1, 2, 3], [4, 5, 6]]",
        "{\"_ArrayType_\": \"int16\", \"_ArraySize_\": [2, 3], \"_ArrayData_\": [1, 2, 3, 4, 5, 6]}",
        "{\"_ArrayData_\": [1, 2, 3, 4, 5, 6], \"_ArraySize_\": [2, 3]}",
        "{\"_ArrayType_\": \"int16\", \"_ArraySize_\": [2, 3], \"_ArrayZipType_\": \"base64\","
            + " \"_ArrayZipData_\": \"AQACAAMABAAFAAYA\"}",
        "{\"_ArrayType_\": \"int16\", \"_ArraySize_\": [2, 3], \"_ArrayZipType_\": \"base64\","
            + " \"_ArrayZipEndian_\": \"big\", \"_ArrayZipData_\": \"AAEAAgADAAQABQAG\"}",
        "{\"Data\": [[1, 2, 3], [4, 5, 6]], \"Properties\": {\"unit\": \"Gy\"}}",
      })
  void everyWayToWriteAnArrayGivesTheSame(String text) throws IOException {
    JDataDocument document = text(text);

    JDataArray array = document.array(document.next(), NumberType.INT16, MOST);

    assertThat(array.type()).isEqualTo(NumberType.INT16);
    assertThat(array.dims()).containsExactly(2L, 3L);
    assertThat(array.columnMajor()).isFalse();
    assertThat(numbers(array)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void readsPackedArraysWithTheFirstAxisFastest() throws IOException {
    JDataDocument document = binary("[$I#[[U\u0002U\u0003]]\1\0\2\0\3\0\4\0\5\0\6\0");

    JDataArray array = document.array(document.next(), NumberType.FLOAT64, MOST);

    assertThat(array.type()).isEqualTo(NumberType.INT16);
    assertThat(array.dims()).containsExactly(2L, 3L);
    assertThat(array.columnMajor()).isTrue();
    assertThat(numbers(array)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          uint8  | "_ArrayData_": [1, 2, 3, 4, 5, 6, 7]                     | Dose is 7 bytes
          uint8  | "_ArrayData_": [1, 2, 3, 4, 5, 6, 7, 256]                | Dose is 256.0
          double | "_ArrayIsComplex_": true                                 | _ArrayIsComplex_ is true
          uint8  | "_ArrayZipType_": "blosc2", "_ArrayZipData_": "AAAA"     | _ArrayZipType_ is blosc2
          uint8  | "_ArrayZipType_": "zlib", "_ArrayZipData_": "AAAA"       | _ArrayZipData_ is damaged
          """)
  void refusesAnArrayThatIsNotWhatItSays(String type, String data, String message)
      throws IOException {
    String array = "{\"_ArrayType_\": \"%s\", \"_ArraySize_\": [2, 2, 2], %s}";

    assertArrayIsRefused(text(array.formatted(type, data)), message);
  }

  @Test
  void refusesNestedArraysOfDifferentLength() throws IOException {
    assertArrayIsRefused(text("[[1, 2], [3]]"), "Dose is an array of 1, expected 2 as before");
  }

  @Test
  void refusesALongArrayThatIsOnlyAnnounced() throws IOException {
    assertArrayIsRefused(
        binary("[$U#L\0\0\0\0\0\0\0\u0040"),
        "binary JData string or array is cut off after 0 bytes");
  }

  @Test
  void keepsControlCharactersOutOfTheJsonParsersWords() throws IOException {
    JDataDocument document = text("[1, \u009b2}");

    assertThatThrownBy(() -> document.tree(document.next()))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageStartingWith("JSON text is damaged at line 1, column ")
        .hasMessageEndingWith("), expected a treatment plan")
        .message()
        .doesNotContain("\u009b");
  }

  private static JDataDocument text(String json) throws IOException {
    return JDataDocument.ofText(new ByteArrayInputStream(json.getBytes(UTF_8)), NAMES);
  }

  /**
   * @param bytes one a character
   */
  private static JDataDocument binary(String bytes) {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes.getBytes(ISO_8859_1));
    return JDataDocument.ofBinary(new BoundedInput(in, MOST), NAMES);
  }

  private static void assertArrayIsRefused(JDataDocument document, String message)
      throws IOException {
    JDataToken first = document.next();

    assertThatThrownBy(() -> document.array(first, NumberType.FLOAT64, MOST))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageStartingWith(message);
  }

  private static List<Integer> numbers(JDataArray array) {
    byte[] bytes = new byte[(int) array.bytes().size()];
    array.bytes().copyTo(0, bytes, bytes.length);
    ByteBuffer stored = ByteBuffer.wrap(bytes).order(array.order());
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < bytes.length / array.type().bytes(); i++) {
      numbers.add((int) NumberDecoder.number(stored, array.type(), i));
    }
    return numbers;
  }
}
