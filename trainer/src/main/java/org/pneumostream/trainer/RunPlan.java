package org.pneumostream.trainer;

import java.util.Map;
import org.pneumostream.classifier.ComputeDevice;

/**
 * What a run was started with.
 *
 * @param runId key of its records in training-epochs
 * @param source what is trained and where from: model, topic and cluster
 * @param settings the training settings, by key
 * @param codeVersion version of the software that started it
 * @param device what it computes on
 * @param snapshot end offset of each partition of labeled-volumes, by partition number
 * @param leftOut number of scans that cannot be trained on, by reason
 * @param parent version of the champion then in force; null if there was none
 */
record RunPlan(
    String runId,
    String source,
    Map<String, String> settings,
    String codeVersion,
    ComputeDevice device,
    Map<Integer, Long> snapshot,
    Map<String, Long> leftOut,
    String parent) {

  /**
   * Whether a process of now makes of this run what the one that started it would have made. Each
   * of these changes the weights; without a device, the run is of a version that did not note it.
   */
  boolean isResumableWith(String source, Map<String, String> settings, ComputeDevice device) {
    return this.source.equals(source)
        && this.settings.equals(settings)
        && codeVersion.equals(CodeVersion.current())
        && device.equals(this.device);
  }
}
