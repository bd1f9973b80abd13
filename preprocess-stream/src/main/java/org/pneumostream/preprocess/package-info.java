/** The Kafka Streams app that makes volumes of scans and joins them with labels. */
package org.pneumostream.preprocess;
