/** Scores volumes with the champion and writes predictions and alerts, exactly once. */
package org.pneumostream.scorer;
