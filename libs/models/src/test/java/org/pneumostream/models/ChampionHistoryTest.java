package org.pneumostream.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;

class ChampionHistoryTest {

  /** Events: +2 promoted, <1 rolled back to, x3 rejected; + and < name no champion. */
  @ParameterizedTest
  @CsvSource({
    "+1 +2,             2, 1",
    "+1 +2 x3,          2, 1",
    "+1 +2 +3,          3, 2",
    "+1 +2 +3 <2,       2, 1",
    "+1 +2 +3 <2 +4,    4, 2",
    "+1 +2 +3 <2 <1 +5, 5, 1",
    "+1 +2 +2,          2, 1",
    "+1 +2 +1,          1, 2",
    "+1 +9 +3,          3, 1",
    "+1,                1, none",
    "'',                4, none",
    "+1 +2,             4, 2",
    "+1 + +2 <,         2, 1",
  })
  void findsTheChampionBefore(String events, String inForce, String before) {
    ChampionHistory history = ChampionHistory.of(events(events));

    assertThat(before(history, inForce, Set.of("1", "2", "3", "4", "5"))).isEqualTo(before);
  }

  private static String before(ChampionHistory history, String inForce, Set<String> available) {
    try {
      return history.before(inForce, available);
    } catch (NoSuchElementException e) {
      assertThat(e).hasMessage("there is no champion before version " + inForce);
      return "none";
    }
  }

  private static List<ModelEvent> events(String text) {
    return Arrays.stream(text.split(" ")).filter(t -> !t.isEmpty()).map(t -> event(t)).toList();
  }

  private static ModelEvent event(String text) {
    String version = text.length() == 1 ? null : text.substring(1);
    ModelEventType type =
        switch (text.charAt(0)) {
          case '+' -> ModelEventType.PROMOTED;
          case '<' -> ModelEventType.ROLLED_BACK;
          default -> ModelEventType.REJECTED;
        };
    return ModelEvent.newBuilder()
        .setType(type)
        .setVersion(version)
        .setChampion(type == ModelEventType.REJECTED ? "1" : version)
        .setReason("why")
        .setAt(Instant.EPOCH)
        .build();
  }
}
