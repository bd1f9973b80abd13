package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushSlotsTest {
  private static final Optional<String> GREEDY = Optional.of("greedy");
  private static final Optional<String> OTHER = Optional.of("other");

  @Test
  void oneTokenHoldsNoMoreThanItsShare() throws Exception {
    PushSlots slots = new PushSlots(4, 0.5);
    PushSlots.Slot first = slots.take(GREEDY);
    slots.take(GREEDY);

    assertThatThrownBy(() -> slots.take(GREEDY))
        .isInstanceOf(BusyException.class)
        .hasMessage(
            "too many concurrent pushes with this token, 2 of 4 (max-push-share-per-token=0.5)");
    slots.take(OTHER);
    assertThat(slots.taken()).isEqualTo(3);

    first.close();
    assertThat(slots.taken()).isEqualTo(2);
    slots.take(GREEDY);
  }

  @Test
  void allTokensTogetherHoldNoMoreThanTheLimit() throws Exception {
    PushSlots slots = new PushSlots(3, 0.5);
    slots.take(GREEDY);
    slots.take(GREEDY);
    PushSlots.Slot last = slots.take(OTHER);

    assertThatThrownBy(() -> slots.take(OTHER))
        .isInstanceOf(BusyException.class)
        .hasMessage("too many concurrent pushes (max-concurrent-pushes=3)");
    last.close();
    slots.take(OTHER);
  }

  @Test
  void releasesASlotOnce() throws Exception {
    PushSlots slots = new PushSlots(2, 1);
    PushSlots.Slot slot = slots.take(GREEDY);
    slot.close();
    slot.close();
    slots.take(GREEDY);
    slots.take(GREEDY);

    assertThatThrownBy(() -> slots.take(GREEDY)).isInstanceOf(BusyException.class);
  }

  /** On loopback without tokens, all clients are the same to ingest. */
  @Test
  void hasNoSharesWithoutTokens() throws Exception {
    PushSlots slots = new PushSlots(4, 0.25);
    List<PushSlots.Slot> taken = new ArrayList<>();
    for (int push = 0; push < 4; push++) {
      taken.add(slots.take(Optional.empty()));
    }

    assertThat(taken).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({"1, 0.01, 1", "1, 1, 1", "32, 0.5, 16", "10, 0.29, 3", "3, 0.5, 2", "200, 0.01, 2"})
  void roundsAShareUpToAtLeastOne(int slots, double share, int perToken) throws Exception {
    PushSlots some = new PushSlots(slots, share);
    for (int push = 0; push < perToken; push++) {
      some.take(GREEDY);
    }

    assertThatThrownBy(() -> some.take(GREEDY)).isInstanceOf(BusyException.class);
  }
}
