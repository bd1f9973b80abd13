package org.pneumostream.ingest;

/**
 * The place of a record that all in-sync brokers have.
 *
 * @param scanId key of the record
 * @param topic full name of the topic
 * @param partition partition, counted from 0
 * @param offset offset in the partition
 */
public record Receipt(String scanId, String topic, int partition, long offset) {}
