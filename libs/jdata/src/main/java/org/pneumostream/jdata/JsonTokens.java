package org.pneumostream.jdata;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tokens of JSON text. */
final class JsonTokens implements JDataTokens {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_DEPTH)
                  .maxStringLength(MOST_TEXT_BYTES)
                  .build())
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  /** The stream's name in Jackson's messages, before line and column. */
  private static final Pattern SOURCE = Pattern.compile("\\[Source: [^;\\]]*; ");

  private final JsonParser json;
  private final String expected;
  private @Nullable JsonToken token;

  /**
   * @param expected what the document is, for the message if the text is not JSON
   */
  JsonTokens(InputStream in, String expected) throws IOException {
    this.json = JSON.createParser(in);
    this.expected = expected;
  }

  @Override
  public JDataToken next() throws IOException {
    try {
      token = json.nextToken();
    } catch (JsonProcessingException | CharConversionException e) {
      throw notJson(e);
    }
    if (token == null) {
      return JDataToken.END;
    }
    return switch (token) {
      case START_OBJECT -> JDataToken.OBJECT_START;
      case END_OBJECT -> JDataToken.OBJECT_END;
      case START_ARRAY -> JDataToken.ARRAY_START;
      case END_ARRAY -> JDataToken.ARRAY_END;
      case FIELD_NAME -> JDataToken.NAME;
      case VALUE_STRING -> JDataToken.STRING;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JDataToken.NUMBER;
      case VALUE_TRUE -> JDataToken.TRUE;
      case VALUE_FALSE -> JDataToken.FALSE;
      case VALUE_NULL -> JDataToken.NULL;
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> throw new AssertionError(token);
    };
  }

  @Override
  public String text() throws IOException {
    try {
      return json.getText();
    } catch (JsonProcessingException | CharConversionException e) {
      throw notJson(e);
    }
  }

  @Override
  public double number() throws IOException {
    try {
      return json.getDoubleValue();
    } catch (JsonProcessingException | CharConversionException e) {
      throw notJson(e);
    }
  }

  @Override
  public boolean isWhole() throws IOException {
    return token == JsonToken.VALUE_NUMBER_INT && fits64Bits(json.getNumberType());
  }

  private boolean fits64Bits(JsonParser.NumberType type) throws IOException {
    if (type != JsonParser.NumberType.BIG_INTEGER) {
      return true;
    }
    BigInteger value = json.getBigIntegerValue();
    return value.signum() > 0 && value.bitLength() <= Long.SIZE;
  }

  @Override
  public long wholeBits() throws IOException {
    boolean big = json.getNumberType() == JsonParser.NumberType.BIG_INTEGER;
    return big ? json.getBigIntegerValue().longValue() : json.getLongValue();
  }

  @Override
  public Packing packing() {
    throw new IllegalStateException("JSON has no packed arrays");
  }

  @Override
  public void copyBytesTo(ByteStore target) throws IOException {
    try {
      json.readBinaryValue(target);
    } catch (JsonProcessingException | CharConversionException e) {
      throw notJson(e);
    } catch (IllegalArgumentException e) {
      // Jackson throws this for text that is not base64.
      throw new InvalidDataException("bytes in JSON", e.getMessage(), "base64", e);
    }
  }

  private InvalidDataException notJson(IOException e) {
    if (!(e instanceof JsonProcessingException refusal)) {
      return InvalidDataException.damaged("JSON text", "", e.getMessage(), expected, e);
    }
    // Jackson's full message ends in an excerpt of the file.
    String detail = SOURCE.matcher(refusal.getOriginalMessage()).replaceAll("[");
    JsonLocation at = refusal.getLocation();
    String where =
        at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    return InvalidDataException.damaged("JSON text", where, detail, expected, e);
  }
}
