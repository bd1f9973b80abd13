/**
 * Accounts for every scan, from the topics alone: audit, dead letters, erasure, sweeping. {@link
 * org.pneumostream.ledger.ScanLedger} and {@link org.pneumostream.ledger.DeadLetterLedger} do the
 * accounting without Kafka; {@link org.pneumostream.ledger.TopicAudit} reads the topics for them.
 */
package org.pneumostream.ledger;
