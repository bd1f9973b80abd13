/** One training run and how its result is judged: split, augmentation, epochs, metrics, gate. */
package org.pneumostream.training;
