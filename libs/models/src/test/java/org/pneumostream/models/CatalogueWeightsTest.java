package org.pneumostream.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.ModelVersion;

/** A catalogue keeps versions without weights, and reads these again. */
class CatalogueWeightsTest extends ModelCatalogueFixture {
  @Test
  void readsWeightsAgainAndKeepsItsPosition() {
    publish("1");
    publish("2");
    catalogue.refresh();
    replay(0, 1);

    assertThat(catalogue.withWeights("1")).isEqualTo(version("1"));
    assertThat(consumer.position(partition)).isEqualTo(2);
  }

  @Test
  void readsTheLatestRecordOfAVersionPublishedAgain() {
    publish("1");
    ModelVersion again =
        ModelVersion.newBuilder(version("1")).setWeights(ByteBuffer.wrap(new byte[] {7})).build();
    append("pneumonia/1", bytes(again));
    catalogue.refresh();
    replay(0, 1);

    assertThat(catalogue.withWeights("1")).isEqualTo(again);
  }

  @Test
  void reportsAnUnknownVersion() {
    assertThatThrownBy(() -> catalogue.withWeights("3"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("model pneumonia has no version 3");
  }

  @Test
  void reportsARemovedVersionIfLaterRecordsFollow() {
    publish("1");
    publish("2");
    catalogue.refresh();
    replay(1);

    assertThatThrownBy(() -> catalogue.withWeights("1"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("model pneumonia: version 1 was removed");
    assertThat(consumer.position(partition)).isEqualTo(2);
  }

  @Test
  void reportsARemovedVersionIfNothingFollows() {
    publish("1");
    catalogue.refresh();
    // Like a broker with a batch that compaction has emptied: no records, but a later position.
    consumer.schedulePollTask(() -> consumer.seek(partition, 1));
    consumer.schedulePollTask(
        () -> {
          throw new AssertionError("polled although the position has passed the record");
        });

    assertThatThrownBy(() -> catalogue.withWeights("1"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("model pneumonia: version 1 was removed");
    assertThat(consumer.position(partition)).isEqualTo(1);
  }

  /** The mock forgets returned records, so this adds them again. */
  private void replay(int... offsets) {
    for (int offset : offsets) {
      consumer.addRecord(log.get(offset));
    }
  }
}
