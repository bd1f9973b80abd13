/** One training run and the judgement of its result: split, augmentation, epochs, metrics, gate. */
package org.pneumostream.training;
