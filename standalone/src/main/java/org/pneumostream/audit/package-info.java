/**
 * What became of every scan, from the topics alone. {@link org.pneumostream.audit.ScanLedger} and
 * {@link org.pneumostream.audit.DeadLetterLedger} do the accounting and know no Kafka; {@link
 * org.pneumostream.audit.Accounts} reads the topics for them.
 */
package org.pneumostream.audit;
