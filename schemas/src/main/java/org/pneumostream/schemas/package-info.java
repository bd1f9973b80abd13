/**
 * What goes over Kafka: the Avro records, the catalogue of topics, and the serdes over the
 * Confluent wire format.
 */
package org.pneumostream.schemas;
