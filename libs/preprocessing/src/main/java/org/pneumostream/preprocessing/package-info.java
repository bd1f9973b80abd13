/**
 * Pure functions from a scan's stored voxels to the network's input, and rotations of that input.
 */
package org.pneumostream.preprocessing;
