package org.pneumostream.trainer;

import java.util.List;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ScanCount;

/**
 * Scans of a training set by side of the split and by label.
 *
 * @param training to learn from
 * @param validation to choose by
 * @param holdout to report on
 */
public record TrainingCounts(Count training, Count validation, Count holdout) {

  /** Scans of each class. */
  public record Count(int normal, int abnormal) {
    static Count of(List<Example> examples) {
      int abnormal = (int) examples.stream().filter(Example::isAbnormal).count();
      return new Count(examples.size() - abnormal, abnormal);
    }

    static Count of(ScanCount count) {
      return new Count(count.getNormal(), count.getAbnormal());
    }

    public int scans() {
      return normal + abnormal;
    }

    ScanCount toRecord() {
      return new ScanCount(normal, abnormal);
    }

    /** Like {@code 70 normal + 30 abnormal (30 %)}. */
    @Override
    public String toString() {
      String balance = scans() == 0 ? "" : " (%.0f %%)".formatted(100.0 * abnormal / scans());
      return normal + " normal + " + abnormal + " abnormal" + balance;
    }
  }

  public static TrainingCounts of(TrainingSet set, Split split) {
    return new TrainingCounts(
        Count.of(set.examples(split, Subset.TRAINING)),
        Count.of(set.examples(split, Subset.VALIDATION)),
        Count.of(set.examples(split, Subset.HOLDOUT)));
  }

  /** Those of the lineage of a version. */
  static TrainingCounts from(Lineage lineage) {
    return new TrainingCounts(
        Count.of(lineage.getTraining()),
        Count.of(lineage.getValidation()),
        Count.of(lineage.getHoldout()));
  }

  /** Writes them into a model's lineage. */
  Lineage.Builder into(Lineage.Builder lineage) {
    return lineage
        .setTrainingScans(training.scans())
        .setValidationScans(validation.scans())
        .setTraining(training.toRecord())
        .setValidation(validation.toRecord())
        .setHoldout(holdout.toRecord());
  }

  /**
   * Refuses a set too small to train on.
   *
   * @param perClass scans of each class that training needs
   * @throws TrainingRefusedException saying what is missing
   */
  void requireEnough(int perClass) {
    if (training.normal() < perClass || training.abnormal() < perClass) {
      throw new TrainingRefusedException(
          "training scans: %d normal and %d abnormal, expected at least %d of each"
              .formatted(training.normal(), training.abnormal(), perClass));
    }
    if (validation.scans() == 0) {
      throw new TrainingRefusedException(
          "validation scans: none, since the split puts all %d scans elsewhere; expected at least 1"
              .formatted(training.scans() + holdout.scans()));
    }
  }

  /** Like {@code training 70 normal + 70 abnormal (50 %), validation …, holdout …}. */
  @Override
  public String toString() {
    return "training %s, validation %s, holdout %s".formatted(training, validation, holdout);
  }
}
