package org.pneumostream.phantom;

/** A place or a direction, in mm along x, y and z. */
record Vector(double x, double y, double z) {

  Vector plus(Vector other, double times) {
    return new Vector(x + other.x * times, y + other.y * times, z + other.z * times);
  }

  double dot(Vector other) {
    return x * other.x + y * other.y + z * other.z;
  }

  Vector unit() {
    double length = Math.sqrt(dot(this));
    return new Vector(x / length, y / length, z / length);
  }
}
