package org.pneumostream.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.scanstore.StoredObject;

/** What a sweep removes, for every sequence of a scan's records. */
class StoreSweepTest {
  private static final Instant WRITTEN = Instant.parse("2026-01-02T03:04:05Z");
  private static final String SCAN_ID = "0f".repeat(32);

  /**
   * @param records in order: {@code +} is a record of the scan on scans or dead-letters, {@code -}
   *     a tombstone, in a partition; {@code ~} is another scan's record
   */
  @ParameterizedTest
  @CsvSource({
    // Expired, or never written.
    "'',                                     1, true",
    "'~scans:0',                             1, true",
    // Exactly at the minimum age, and younger: its record may still be in flight.
    "'',                                     0, false",
    "'',                                    -1, false",
    // On record.
    "'+scans:0',                             1, false",
    "'+scans:1 ~scans:1',                    1, false",
    "'+scans:0 +scans:0',                    1, false",
    // Expired on scans, but its letter may be retried.
    "'+dead-letters:0',                      1, false",
    "'~scans:0 +dead-letters:0 ~scans:0',    1, false",
    // Erased.
    "'+scans:0 -scans:0',                    1, true",
    "'+scans:0 +dead-letters:0 -scans:0 -dead-letters:0', 1, true",
    "'-scans:0',                             1, true",
    // Erased on one topic, or in one partition.
    "'+scans:0 +dead-letters:0 -scans:0',    1, false",
    "'+scans:0 +dead-letters:0 -dead-letters:0', 1, false",
    "'+scans:0 +scans:1 -scans:0',           1, false",
    // Erased and pushed again.
    "'+scans:0 -scans:0 +scans:0',           1, false",
    "'-scans:0 +scans:0',                    1, false"
  })
  void isRemovedOnlyIfOldAndUnreferenced(String records, long olderBySeconds, boolean goes) {
    StoredObject object = new StoredObject(SCAN_ID, "ab".repeat(32), WRITTEN);

    assertThat(
            StoreSweep.unreferenced(
                List.of(object), onRecord(records), WRITTEN.plusSeconds(olderBySeconds)))
        .isEqualTo(goes ? List.of(object) : List.of());
  }

  private static ScansOnRecord onRecord(String records) {
    ScansOnRecord onRecord = new ScansOnRecord();
    Map<String, Long> offsets = new HashMap<>();
    for (String record : records.isEmpty() ? new String[0] : records.split(" ")) {
      String[] place = record.substring(1).split(":");
      onRecord.take(
          new ConsumerRecord<>(
              place[0],
              Integer.parseInt(place[1]),
              offsets.merge(record.substring(1), 1L, Long::sum),
              record.startsWith("~") ? "1e".repeat(32) : SCAN_ID,
              record.startsWith("-") ? null : new byte[1]));
    }
    return onRecord;
  }
}
