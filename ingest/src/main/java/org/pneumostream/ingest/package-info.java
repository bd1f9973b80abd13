/**
 * The doors: HTTP, a watched folder and the command line. Bytes become a typed scan here; only
 * complete 3D volumes reach the scans topic.
 */
package org.pneumostream.ingest;
