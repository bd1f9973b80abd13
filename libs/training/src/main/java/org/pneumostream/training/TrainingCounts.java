package org.pneumostream.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ScanCount;

/**
 * Scans of a training set by side of the split and by label.
 *
 * @param training scans to learn from
 * @param validation scans that decide
 * @param holdout scans that are only reported on
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
    return of(set.examples(), split);
  }

  public static TrainingCounts of(List<Example> examples, Split split) {
    return new TrainingCounts(
        side(Subset.TRAINING, examples, split),
        side(Subset.VALIDATION, examples, split),
        side(Subset.HOLDOUT, examples, split));
  }

  private static Count side(Subset subset, List<Example> examples, Split split) {
    Optional<Subset> wanted = Optional.of(subset);
    return Count.of(examples.stream().filter(e -> e.subset(split).equals(wanted)).toList());
  }

  /** The counts in the lineage of a version; empty if it does not say. */
  public static Optional<TrainingCounts> from(Lineage lineage) {
    ScanCount training = lineage.getTraining();
    ScanCount validation = lineage.getValidation();
    ScanCount holdout = lineage.getHoldout();
    return training == null || validation == null || holdout == null
        ? Optional.empty()
        : Optional.of(
            new TrainingCounts(Count.of(training), Count.of(validation), Count.of(holdout)));
  }

  /** Writes the counts into a model's lineage. */
  public Lineage.Builder into(Lineage.Builder lineage) {
    return lineage
        .setTrainingScans(training.scans())
        .setValidationScans(validation.scans())
        .setTraining(training.toRecord())
        .setValidation(validation.toRecord())
        .setHoldout(holdout.toRecord());
  }

  /**
   * Refuses a set that is too small for training or validation.
   *
   * @param perClass scans of each class that training needs
   * @throws TrainingRefusedException saying how many scans of which class are missing
   */
  void requireEnough(int perClass) {
    requireEnough("training", training, perClass);
    requireEnough("validation", validation, 1);
  }

  private static void requireEnough(String side, Count found, int perClass) {
    List<String> missing = new ArrayList<>();
    if (found.normal() < perClass) {
      missing.add(perClass - found.normal() + " normal");
    }
    if (found.abnormal() < perClass) {
      missing.add(perClass - found.abnormal() + " abnormal");
    }
    if (!missing.isEmpty()) {
      throw new TrainingRefusedException(
          "%s scans: %d normal and %d abnormal, expected at least %d of each: %s missing"
              .formatted(
                  side, found.normal(), found.abnormal(), perClass, String.join(" and ", missing)));
    }
  }

  /** Like {@code training 70 normal + 70 abnormal (50 %), validation …, holdout …}. */
  @Override
  public String toString() {
    return "training %s, validation %s, holdout %s".formatted(training, validation, holdout);
  }
}
