/** Commands that need no Kafka. */
package org.pneumostream.offline;
