package org.pneumostream.jnifti;

/**
 * A header extension: bytes that a program left between the header and the voxels.
 *
 * @param code who knows what it means: {@code ecode}, such as 2 for DICOM, 4 for AFNI, 6 for a
 *     comment
 * @param data the content as it is in the file, with the zeros that fill it up to a multiple of 16
 *     less the 8 bytes before it; owned by this record, not copied
 */
public record Extension(int code, byte[] data) {}
