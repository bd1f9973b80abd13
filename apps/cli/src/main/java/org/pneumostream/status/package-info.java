/** How the services and their topics are at this moment, for {@code status}. */
package org.pneumostream.status;
