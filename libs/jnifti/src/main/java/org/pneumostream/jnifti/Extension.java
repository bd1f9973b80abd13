package org.pneumostream.jnifti;

/**
 * A header extension: bytes of some program between the header and the voxels.
 *
 * @param code {@code ecode}, the kind of content, such as 2 for DICOM, 4 for AFNI, 6 for a comment
 * @param data the content as in the file, including the zeros that pad it to a multiple of 16 less
 *     the 8 bytes before it; owned by this record, not copied
 */
public record Extension(int code, byte[] data) {}
