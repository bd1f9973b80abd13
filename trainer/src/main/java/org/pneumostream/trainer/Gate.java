package org.pneumostream.trainer;

import java.util.Locale;

/**
 * Decides whether a candidate takes the champion's place. Both were scored on the same validation
 * scans; ties go to the champion.
 *
 * @param metric what the candidate must be better in
 */
public record Gate(GateMetric metric) {

  /**
   * What was decided.
   *
   * @param promoted whether the candidate becomes champion
   * @param reason why, one sentence
   */
  public record Decision(boolean promoted, String reason) {}

  /** The candidate against a champion scored on the same scans. */
  public Decision decide(Metrics candidate, Metrics champion) {
    double mine = metric.of(candidate);
    double theirs = metric.of(champion);
    if (Double.isNaN(mine) || Double.isNaN(theirs)) {
      return new Decision(
          false,
          metric.label()
              + " is undefined, since the "
              + candidate.scans()
              + " validation scans are all of one class; the champion stays");
    }
    boolean better = metric.isBetter(mine, theirs);
    return new Decision(
        better,
        String.format(
            Locale.ROOT,
            "%s %.4f %s the champion's %.4f on the same %d validation scans",
            metric.label(),
            mine,
            better ? "beats" : mine == theirs ? "only equals" : "does not beat",
            theirs,
            candidate.scans()));
  }

  /** The candidate where there is no champion yet. */
  public Decision withoutChampion() {
    return new Decision(true, "there was no champion");
  }

  /**
   * The candidate against a champion that cannot be scored on these scans.
   *
   * @param why what keeps the champion from being scored
   */
  public Decision withUnfitChampion(String why) {
    return new Decision(true, "the champion cannot be scored on these scans: " + why);
  }
}
