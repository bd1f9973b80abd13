/** The life of a service: Kafka clients, health, metrics, tracing, orderly stop. */
package org.pneumostream.runtime;
