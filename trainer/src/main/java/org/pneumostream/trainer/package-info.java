/** Retrains from the labeled volumes, judges the result against the champion, and publishes it. */
package org.pneumostream.trainer;
