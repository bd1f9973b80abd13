package org.pneumostream.phantom;

/**
 * A straight, tapering piece of a vessel or an airway.
 *
 * @param from start point
 * @param to end point
 * @param fromRadius in mm
 * @param toRadius in mm
 * @param hu density of its content
 */
record Tube(Vector from, Vector to, double fromRadius, double toRadius, double hu) {

  double widest() {
    return Math.max(fromRadius, toRadius);
  }

  /** Position along the tube of the nearest point of its axis: 0 at its start, 1 at its end. */
  double along(Vector place) {
    Vector axis = to.plus(from, -1);
    double t = place.plus(from, -1).dot(axis) / Math.max(axis.dot(axis), 1e-9);
    return Math.max(0, Math.min(1, t));
  }

  /** The point of the axis at a share of its length. */
  Vector at(double along) {
    return from.plus(to.plus(from, -1), along);
  }

  /** 0 if the tube lies in the plane of a slice, 1 if it runs from head to foot. */
  double steepness() {
    return Math.abs(to.plus(from, -1).unit().z());
  }

  double radius(double along) {
    return Geometry.mix(fromRadius, toRadius, along);
  }

  /** Distance from a place to the tube's axis. */
  double axisDistance(Vector place, double along) {
    Vector offset = place.plus(at(along), -1);
    return Math.sqrt(offset.dot(offset));
  }
}
