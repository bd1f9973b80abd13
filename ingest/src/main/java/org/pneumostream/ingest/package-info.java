/**
 * The doors: HTTP, a watched folder and the command line. Bytes become a typed scan here; only what
 * says that it is one 3D volume, and is all there, goes on to the scans topic.
 */
package org.pneumostream.ingest;
