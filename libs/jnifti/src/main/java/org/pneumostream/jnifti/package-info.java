/**
 * Reads and writes NIfTI-1, NIfTI-2 and JNIfTI scans as streams. Start at {@link
 * org.pneumostream.jnifti.NiftiReader} and {@link org.pneumostream.jnifti.NiftiWriter}.
 */
package org.pneumostream.jnifti;
