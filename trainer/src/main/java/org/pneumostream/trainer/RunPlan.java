package org.pneumostream.trainer;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pneumostream.classifier.ComputeDevice;
import org.pneumostream.training.CodeVersion;
import org.pneumostream.training.LearnedSplit;
import org.pneumostream.training.Split;

/**
 * Parameters of a run.
 *
 * @param runId key of its records in training-epochs
 * @param source model, topic and cluster
 * @param settings the training settings, by key
 * @param codeVersion version of the software that started it
 * @param device the device that it computes on
 * @param snapshot end offset of each partition of labeled-volumes, by partition number
 * @param labels offset of each partition of labels, by partition number: earlier labels are used
 *     once the run has come to an outcome
 * @param runsBefore number of the model's runs finished before it
 * @param leftOut number of unsuitable scans, by reason
 * @param splits the run's own split, then those of the weights that it starts from
 * @param parent version of the champion at its start; null if there was none
 */
record RunPlan(
    String runId,
    String source,
    Map<String, String> settings,
    String codeVersion,
    ComputeDevice device,
    Map<Integer, Long> snapshot,
    Map<Integer, Long> labels,
    int runsBefore,
    Map<String, Long> leftOut,
    List<LearnedSplit> splits,
    @Nullable String parent) {

  /** The run's own split. */
  Split split() {
    return splits.get(0).split();
  }

  /**
   * Whether a process started now would continue this run exactly as the process that started it.
   * Each of these parameters changes the weights.
   */
  boolean isResumableWith(String source, Map<String, String> settings, ComputeDevice device) {
    return this.source.equals(source)
        && this.settings.equals(settings)
        && codeVersion.equals(CodeVersion.current())
        && device.equals(this.device);
  }
}
