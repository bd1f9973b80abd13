package org.pneumostream.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Body of {@code POST /labels}; every field is required. */
record LabelRequest(String scanId, String finding, String annotator) {
  private static final int MAX_BYTES = 16 << 10;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .withCoercionConfig(LogicalType.Textual, LabelRequest::takeTextsOnly)
          .build();

  LabelRequest {
    require("scanId", scanId);
    require("finding", finding);
    require("annotator", annotator);
  }

  /**
   * Reads a body.
   *
   * @throws IllegalArgumentException if it is not a label
   * @throws IOException if it breaks off
   */
  static LabelRequest read(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException("the label has more than " + MAX_BYTES + " bytes");
    }
    try {
      LabelRequest request = JSON.readValue(bytes, LabelRequest.class);
      if (request == null) {
        throw new IllegalArgumentException("the label is null, expected a JSON object");
      }
      return request;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          e.getCause() instanceof IllegalArgumentException missing
              ? missing.getMessage()
              : "not a label: " + e.getOriginalMessage(),
          e);
    }
  }

  /** By default Jackson converts numbers and booleans to text. */
  private static void takeTextsOnly(MutableCoercionConfig texts) {
    for (CoercionInputShape shape :
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
      texts.setCoercion(shape, CoercionAction.Fail);
    }
  }

  private static void require(String field, String value) {
    if (value == null) {
      throw new IllegalArgumentException(field + ": missing");
    }
  }
}
