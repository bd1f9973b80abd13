package org.pneumostream.trainer;

import java.util.Map;

/**
 * What a run was started with.
 *
 * @param runId key of its records in training-epochs
 * @param source what is trained and where from: model, topic and cluster
 * @param settings the training settings, by key
 * @param codeVersion version of the software that started it
 * @param snapshot end offset of each partition of labeled-volumes, by partition number
 * @param leftOut number of scans that cannot be trained on, by reason
 * @param parent version of the champion then in force; null if there was none
 */
record RunPlan(
    String runId,
    String source,
    Map<String, String> settings,
    String codeVersion,
    Map<Integer, Long> snapshot,
    Map<String, Long> leftOut,
    String parent) {}
