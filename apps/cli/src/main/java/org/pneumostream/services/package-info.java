/** The list of services, for the command line and {@code standalone}. */
package org.pneumostream.services;
