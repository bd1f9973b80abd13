/**
 * Reads JData documents, as JSON text and in their binary form, and the compressed and bounded
 * streams that they come in; {@link org.pneumostream.jdata.JDataDocument} is where to start.
 */
package org.pneumostream.jdata;
