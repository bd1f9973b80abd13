/**
 * Reads and writes NIfTI-1, NIfTI-2 and JNIfTI scans as streams; {@link
 * org.pneumostream.jnifti.NiftiReader} and {@link org.pneumostream.jnifti.NiftiWriter} are where to
 * start.
 */
package org.pneumostream.jnifti;
