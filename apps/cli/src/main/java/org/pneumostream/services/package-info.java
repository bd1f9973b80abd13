/** Which services there are: the one list that the command line and {@code standalone} read. */
package org.pneumostream.services;
