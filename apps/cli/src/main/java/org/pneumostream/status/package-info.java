/** The current state of services and topics, for {@code status}. */
package org.pneumostream.status;
