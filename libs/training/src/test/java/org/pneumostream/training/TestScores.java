package org.pneumostream.training;

import java.util.ArrayList;
import java.util.List;
import org.pneumostream.schemas.Finding;

/** Scores of ten normal and ten abnormal scans with figures to choose. */
public final class TestScores {
  static final int OF_EACH_CLASS = 10;

  private TestScores() {}

  /**
   * Scores in which an abnormal scan is above a normal one in this share of all pairs.
   *
   * @param auroc a multiple of 0.01
   */
  public static Scores withAuroc(double auroc) {
    int above = (int) Math.round(auroc * OF_EACH_CLASS * OF_EACH_CLASS);
    float[] probabilities = new float[2 * OF_EACH_CLASS];
    for (int i = 0; i < OF_EACH_CLASS; i++) {
      probabilities[i] = rank(i);
      int beaten = Math.min(OF_EACH_CLASS, above);
      probabilities[OF_EACH_CLASS + i] = rank(beaten - 0.5);
      above -= beaten;
    }
    return new Scores(examples(), probabilities);
  }

  /** Scores that give this probability to every scan's true class. */
  static Scores withCertainty(double probability) {
    float[] probabilities = new float[2 * OF_EACH_CLASS];
    for (int i = 0; i < OF_EACH_CLASS; i++) {
      probabilities[i] = (float) (1 - probability);
      probabilities[OF_EACH_CLASS + i] = (float) probability;
    }
    return new Scores(examples(), probabilities);
  }

  public static Assessment assessment(double auroc) {
    return new Assessment(withAuroc(auroc), withAuroc(auroc / 2));
  }

  /** First the normal ones. */
  private static List<Example> examples() {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 2 * OF_EACH_CLASS; i++) {
      Finding finding = i < OF_EACH_CLASS ? Finding.NORMAL : Finding.ABNORMAL;
      String scanId = SyntheticScans.scanId(i);
      examples.add(new Example(scanId, Split.hash(scanId), finding));
    }
    return examples;
  }

  private static float rank(double place) {
    return (float) ((place + 1) / (OF_EACH_CLASS + 1));
  }
}
