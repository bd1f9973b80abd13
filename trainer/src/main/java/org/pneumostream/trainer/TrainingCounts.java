package org.pneumostream.trainer;

import java.util.List;

/**
 * Scans of a training set by side of the split and by label.
 *
 * @param trainingNormal NORMAL scans to train on
 * @param trainingAbnormal ABNORMAL scans to train on
 * @param validationNormal NORMAL scans held out
 * @param validationAbnormal ABNORMAL scans held out
 */
public record TrainingCounts(
    int trainingNormal, int trainingAbnormal, int validationNormal, int validationAbnormal) {

  public static TrainingCounts of(List<Example> training, List<Example> validation) {
    int trainingAbnormal = abnormal(training);
    int validationAbnormal = abnormal(validation);
    return new TrainingCounts(
        training.size() - trainingAbnormal,
        trainingAbnormal,
        validation.size() - validationAbnormal,
        validationAbnormal);
  }

  public int training() {
    return trainingNormal + trainingAbnormal;
  }

  public int validation() {
    return validationNormal + validationAbnormal;
  }

  /**
   * Refuses a set too small to train on.
   *
   * @param perClass scans of each class that training needs
   * @throws TrainingRefusedException saying what is missing
   */
  void requireEnough(int perClass) {
    if (trainingNormal < perClass || trainingAbnormal < perClass) {
      throw new TrainingRefusedException(
          "training scans: %d normal and %d abnormal, expected at least %d of each"
              .formatted(trainingNormal, trainingAbnormal, perClass));
    }
    if (validation() == 0) {
      throw new TrainingRefusedException(
          "validation scans: none, since the split puts all %d scans into training; expected at least 1"
              .formatted(training()));
    }
  }

  /** Like {@code training 70 normal + 70 abnormal, validation 30 normal + 30 abnormal}. */
  @Override
  public String toString() {
    return "training %d normal + %d abnormal, validation %d normal + %d abnormal"
        .formatted(trainingNormal, trainingAbnormal, validationNormal, validationAbnormal);
  }

  private static int abnormal(List<Example> examples) {
    return (int) examples.stream().filter(Example::isAbnormal).count();
  }
}
