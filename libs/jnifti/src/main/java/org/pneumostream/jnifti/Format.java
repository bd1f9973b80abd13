package org.pneumostream.jnifti;

/** The file format of a scan, whether compressed or not. */
public enum Format {
  /** {@code .nii}: NIfTI-1 header, extensions and voxels in one file. */
  NIFTI1("n+1"),
  /** {@code .hdr} and {@code .img}: NIfTI-1 header and voxels apart. */
  NIFTI1_PAIR("ni1"),
  /** {@code .nii} with the wider NIfTI-2 header. */
  NIFTI2("n+2"),
  /** {@code .hdr} and {@code .img} with the wider NIfTI-2 header. */
  NIFTI2_PAIR("ni2"),
  /** {@code .jnii}: JNIfTI as JSON text. */
  JNII("jnifti"),
  /** {@code .bnii}: JNIfTI as Binary JData. */
  BNII("jnifti");

  private final String magic;

  Format(String magic) {
    this.magic = magic;
  }

  /** The header's {@code magic} without padding, or JNIfTI's {@code NIIFormat}. */
  String magic() {
    return magic;
  }

  /** Whether the voxels are in a separate file. */
  public boolean isPair() {
    return this == NIFTI1_PAIR || this == NIFTI2_PAIR;
  }

  /** Whether this is JNIfTI, as JSON text or in binary form. */
  public boolean isJnifti() {
    return this == JNII || this == BNII;
  }

  /** Whether the header has NIfTI-1's 16-bit dimensions and 32-bit reals. */
  boolean isNifti1() {
    return this == NIFTI1 || this == NIFTI1_PAIR;
  }

  boolean isNifti2() {
    return this == NIFTI2 || this == NIFTI2_PAIR;
  }

  /**
   * Whether a file that starts with these bytes can only be JNIfTI, which is read whole and not
   * slice by slice. 64 bytes suffice.
   */
  public static boolean isJnifti(byte[] start) {
    return JniftiSignature.of(start).isPresent();
  }

  /** Size of the header in bytes; meaningless for JNIfTI. */
  int headerBytes() {
    return isNifti1() ? 348 : 540;
  }
}
