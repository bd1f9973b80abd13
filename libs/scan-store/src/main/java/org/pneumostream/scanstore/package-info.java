/** Keeps scans that are too large for a record, in a directory or an S3 bucket. */
package org.pneumostream.scanstore;
