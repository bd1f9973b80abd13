package org.pneumostream.support;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.pneumostream.classifier.ModelMetadata;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.volume.InputShape;

/** Finite weights, with which the network's own values are infinite. */
public final class OverflowingWeights {
  private OverflowingWeights() {}

  public static ModelWeights of(InputShape shape) {
    byte[] safetensors = ModelWeights.initial(1).toSafetensors();
    ByteBuffer file = ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN);
    int tensors = Long.BYTES + (int) file.getLong(0);
    for (int at = tensors; at < safetensors.length; at += Float.BYTES) {
      file.putFloat(at, 1e30f);
    }
    return ModelWeights.fromSafetensors(safetensors)
        .withMetadata(Map.of(ModelMetadata.INPUT_SHAPE, shape.toString()));
  }
}
