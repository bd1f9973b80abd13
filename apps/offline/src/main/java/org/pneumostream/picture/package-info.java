/** Volumes and training curves as PNG pictures. */
package org.pneumostream.picture;
