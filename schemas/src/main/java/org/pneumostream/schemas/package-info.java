/**
 * The records on Kafka: Avro classes, the catalogue of topics, and serdes for the Confluent wire
 * format.
 */
package org.pneumostream.schemas;
