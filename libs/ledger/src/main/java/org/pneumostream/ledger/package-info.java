/**
 * What became of every scan, from the topics alone. {@link org.pneumostream.ledger.ScanLedger} and
 * {@link org.pneumostream.ledger.DeadLetterLedger} do the accounting and know no Kafka; {@link
 * org.pneumostream.audit.Accounts} reads the topics for them.
 */
package org.pneumostream.ledger;
