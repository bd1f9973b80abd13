/** The volume as the network takes it: its shape, its voxels and what makes it fit a model. */
package org.pneumostream.volume;
