package org.pneumostream.runtime;

import java.util.List;
import org.pneumostream.settings.Setting;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

/** What all services agree on: which model is in force, and which volumes it takes. */
public final class ModelSettings {
  public static final Setting<String> NAME =
      Setting.text("model-name", "pneumonia", "Name of the model that is trained and in force.");

  public static final Setting<InputShape> INPUT_SHAPE =
      new Setting<>(
          "input-shape",
          InputShape.FULL.toString(),
          "%s, %d to %d voxels each"
              .formatted(InputShape.FORM, InputShape.NETWORK_MINIMUM, InputShape.NETWORK_MAXIMUM),
          "Width, height and depth of the volumes that the network takes.",
          InputShape::forNetwork);

  /** Made by preprocess-stream, trained on and scored: the same for all. */
  public static final Setting<OrientationPolicy> ORIENTATION =
      Setting.choice(
          "orientation",
          OrientationPolicy.CANONICAL,
          OrientationPolicy.class,
          "Which way round scans are looked at: canonical turns them to RAS+, as-stored does not.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(ModelSettings.class);

  private ModelSettings() {}
}
