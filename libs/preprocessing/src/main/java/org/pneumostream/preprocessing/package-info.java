/**
 * From a scan's stored voxels to the network's input, and rotations of that input: pure functions.
 */
package org.pneumostream.preprocessing;
