package org.pneumostream.trainer;

import java.util.Optional;
import org.pneumostream.schemas.ModelVersion;

/**
 * A candidate as it was published.
 *
 * @param version the new version, without its weights
 * @param decision whether it became champion, and why
 * @param formerChampion the champion until then, without its weights, if there was one
 * @param championMetrics the former champion's metrics on the same validation scans, if it could be
 *     scored
 */
public record Publication(
    ModelVersion version,
    Gate.Decision decision,
    Optional<ModelVersion> formerChampion,
    Optional<Metrics> championMetrics) {}
