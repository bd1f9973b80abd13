package org.pneumostream.runtime;

import java.util.List;
import org.pneumostream.settings.Setting;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

/** Settings on which all services must agree: the model, and the volumes that it takes. */
public final class ModelSettings {
  public static final Setting<String> NAME =
      Setting.text("model-name", "pneumonia", "Name of the model to train and to use.");

  public static final Setting<InputShape> INPUT_SHAPE =
      new Setting<>(
          "input-shape",
          InputShape.FULL.toString(),
          "%s, %d to %d voxels each"
              .formatted(InputShape.FORM, InputShape.NETWORK_MINIMUM, InputShape.NETWORK_MAXIMUM),
          "Width, height and depth of the volumes that the network takes.",
          InputShape::forNetwork);

  /** Must be equal in preprocess-stream, scorer and trainer. */
  public static final Setting<OrientationPolicy> ORIENTATION =
      Setting.choice(
          "orientation",
          OrientationPolicy.CANONICAL,
          OrientationPolicy.class,
          "Orientation of volumes: canonical reorients scans to RAS+, as-stored leaves"
              + " them alone.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(ModelSettings.class);

  private ModelSettings() {}
}
