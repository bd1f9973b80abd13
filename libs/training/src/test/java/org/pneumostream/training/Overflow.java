package org.pneumostream.training;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.pneumostream.classifier.ModelWeights;

/** Finite weights, with which the network's own values are infinite. */
public final class Overflow {
  private Overflow() {}

  public static ModelWeights weights() {
    byte[] safetensors = ModelWeights.initial(1).toSafetensors();
    ByteBuffer file = ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN);
    int tensors = Long.BYTES + (int) file.getLong(0);
    for (int at = tensors; at < safetensors.length; at += Float.BYTES) {
      file.putFloat(at, 1e30f);
    }
    return ModelWeights.fromSafetensors(safetensors)
        .withMetadata(Map.of("input_shape", "48x48x48"));
  }
}
