package org.pneumostream.training;

import java.util.Locale;
import java.util.Optional;
import org.pneumostream.schemas.Difference;

/**
 * Decides whether a candidate replaces the champion. Both are scored on the same scans, which
 * neither was trained on. Ties go to the champion.
 *
 * @param metric the metric in which the candidate must be better
 * @param significant whether the whole {@linkplain Bootstrap interval} of the difference must be on
 *     the candidate's side, too
 */
public record Gate(GateMetric metric, boolean significant) {

  /**
   * The gate's decision.
   *
   * @param promoted whether the candidate becomes champion
   * @param reason why, one sentence
   * @param difference between the two, if both could be scored
   */
  public record Decision(boolean promoted, String reason, Optional<Difference> difference) {
    public Decision(boolean promoted, String reason) {
      this(promoted, reason, Optional.empty());
    }
  }

  /** Compares the candidate with a champion scored on the same scans. */
  public Decision decide(Scores candidate, Scores champion) {
    if (candidate.examples().isEmpty()) {
      return new Decision(
          false, "no validation scan is new to both candidate and champion; the champion stays");
    }
    double mine = metric.of(candidate.metrics());
    double theirs = metric.of(champion.metrics());
    int scans = candidate.examples().size();
    if (Double.isNaN(mine) || Double.isNaN(theirs)) {
      return new Decision(
          false,
          "%s is undefined, since the %d validation scans are all of one class; the champion stays"
              .formatted(metric.label(), scans));
    }
    Difference difference = Bootstrap.difference(metric, candidate, champion);
    boolean better = metric.isBetter(mine, theirs);
    boolean promoted = better && (!significant || isCertain(difference));
    return new Decision(
        promoted,
        String.format(
            Locale.ROOT,
            "%s %.4f %s the champion's %.4f on the same %d validation scans"
                + " (difference %+.4f, 95 %% interval %+.4f to %+.4f)%s",
            metric.label(),
            mine,
            better ? "beats" : mine == theirs ? "only equals" : "does not beat",
            theirs,
            scans,
            difference.getValue(),
            difference.getLow(),
            difference.getHigh(),
            better && !promoted ? ", but the difference is not significant" : ""),
        Optional.of(difference));
  }

  /** Promotes the candidate if there is no champion yet. */
  public Decision withoutChampion() {
    return new Decision(true, "there was no champion");
  }

  /**
   * Decides if the champion cannot be scored on these scans.
   *
   * @param why why the champion cannot be scored
   */
  public Decision withUnfitChampion(String why, Scores candidate) {
    boolean isScored = !candidate.examples().isEmpty();
    return new Decision(
        isScored,
        "the champion cannot be scored on these scans: "
            + why
            + (isScored ? "" : "; neither can the candidate, so the champion stays"));
  }

  private boolean isCertain(Difference difference) {
    return metric.isBetter(difference.getLow(), 0) && metric.isBetter(difference.getHigh(), 0);
  }
}
