package org.pneumostream.volume;

import java.util.Optional;

/**
 * What all volumes that one model takes have in common.
 *
 * @param shape voxel counts
 * @param preprocessingVersion version of the preprocessing that makes them, from 1
 * @param orientation which way round scans are looked at; empty if that is not known, as of a model
 *     made elsewhere
 */
public record VolumeKind(
    InputShape shape, int preprocessingVersion, Optional<OrientationPolicy> orientation) {

  /**
   * In what a volume does not fit.
   *
   * @param trait what differs
   * @param found as it is
   * @param expected as the model takes it
   */
  public record Difference(String trait, Object found, Object expected) {}

  /**
   * The first trait in which volumes of another kind do not fit a model of this kind; empty if they
   * fit. An orientation that is not known fits any.
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
}
