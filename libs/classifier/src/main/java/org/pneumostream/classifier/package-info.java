/** The 3D convolutional network on DJL's PyTorch engine: weights, inference, one training step. */
package org.pneumostream.classifier;
