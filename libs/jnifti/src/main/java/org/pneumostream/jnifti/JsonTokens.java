package org.pneumostream.jnifti;

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

  private static final String EXPECTED = "a JNIfTI document";

  /** The stream's name in Jackson's messages, before line and column. */
  private static final Pattern SOURCE = Pattern.compile("\\[Source: [^;\\]]*; ");

  private final JsonParser json;
  private JsonToken token;

  JsonTokens(InputStream in) throws IOException {
    this.json = JSON.createParser(in);
  }

  @Override
  public Token next() throws IOException {
    try {
      token = json.nextToken();
    } catch (JsonProcessingException | CharConversionException e) {
      throw notJson(e);
    }
    if (token == null) {
      return Token.END;
    }
    return switch (token) {
      case START_OBJECT -> Token.OBJECT_START;
      case END_OBJECT -> Token.OBJECT_END;
      case START_ARRAY -> Token.ARRAY_START;
      case END_ARRAY -> Token.ARRAY_END;
      case FIELD_NAME -> Token.NAME;
      case VALUE_STRING -> Token.STRING;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Token.NUMBER;
      case VALUE_TRUE -> Token.TRUE;
      case VALUE_FALSE -> Token.FALSE;
      case VALUE_NULL -> Token.NULL;
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
      throw new NiftiException("bytes in JSON", e.getMessage(), "base64", e);
    }
  }

  private static NiftiException notJson(IOException e) {
    if (!(e instanceof JsonProcessingException refusal)) {
      return NiftiException.damaged("JSON text", "", e.getMessage(), EXPECTED, e);
    }
    // Jackson's full message ends in an excerpt of the file.
    String detail = SOURCE.matcher(refusal.getOriginalMessage()).replaceAll("[");
    JsonLocation at = refusal.getLocation();
    String where =
        at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    return NiftiException.damaged("JSON text", where, detail, EXPECTED, e);
  }
}
