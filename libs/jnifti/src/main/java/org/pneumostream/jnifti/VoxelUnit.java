package org.pneumostream.jnifti;

/** The unit of spacing and position: bits 0 to 2 of {@code xyzt_units}. */
public enum VoxelUnit {
  /** Not stated. Taken as millimetres, which nearly every program means. */
  UNKNOWN("", 1),
  METER("m", 1000),
  MILLIMETER("mm", 1),
  MICRON("um", 0.001);

  static final int CODE_MASK = 7;

  private final String symbol;
  private final double millimeters;

  VoxelUnit(String symbol, double millimeters) {
    this.symbol = symbol;
    this.millimeters = millimeters;
  }

  /** JNIfTI's name of the unit. */
  public String symbol() {
    return symbol;
  }

  /** Millimetres per unit. */
  public double millimeters() {
    return millimeters;
  }

  /** Codes that the specification does not define count as unknown. */
  static VoxelUnit ofCode(int xyztUnits) {
    int code = xyztUnits & CODE_MASK;
    return code < values().length ? values()[code] : UNKNOWN;
  }
}
