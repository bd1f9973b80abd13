package org.pneumostream.volume;

import java.util.Optional;
import java.util.function.Function;

/**
 * The traits that all volumes of one model share.
 *
 * @param shape voxel counts
 * @param preprocessingVersion version of the preprocessing that makes them, from 1
 * @param orientation how scans are oriented; empty if unknown, as for a model trained elsewhere
 */
public record VolumeKind(
    InputShape shape, int preprocessingVersion, Optional<OrientationPolicy> orientation) {

  /**
   * A trait in which a volume does not fit a model.
   *
   * @param trait name of the trait
   * @param found value of the volume
   * @param expected value that the model takes
   */
  public record Difference(String trait, Object found, Object expected) {}

  /**
   * The first trait in which volumes of another kind do not fit a model of this kind; empty if they
   * fit. An unknown orientation fits any.
   */
  public Optional<Difference> differenceFrom(VolumeKind found) {
    if (!shape.equals(found.shape)) {
      return Optional.of(new Difference("shape", found.shape, shape));
    }
    if (preprocessingVersion != found.preprocessingVersion) {
      return Optional.of(
          new Difference(
              "preprocessing version", found.preprocessingVersion, preprocessingVersion));
    }
    if (orientation.isPresent()
        && found.orientation.isPresent()
        && !orientation.equals(found.orientation)) {
      return Optional.of(new Difference("orientation", found.orientation.get(), orientation.get()));
    }
    return Optional.empty();
  }

  /**
   * Requires that volumes of another kind fit a model of this kind.
   *
   * @param failure makes what is thrown if they do not, from {@link #differenceFrom}
   */
  public void requireFit(
      VolumeKind found, Function<Difference, ? extends RuntimeException> failure) {
    differenceFrom(found)
        .ifPresent(
            difference -> {
              throw failure.apply(difference);
            });
  }
}
