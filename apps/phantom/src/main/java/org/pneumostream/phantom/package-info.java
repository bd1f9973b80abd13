/** Synthetic chest CT, with and without the opacities of viral pneumonia. */
package org.pneumostream.phantom;
