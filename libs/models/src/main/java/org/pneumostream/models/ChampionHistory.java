package org.pneumostream.models;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.pneumostream.schemas.ModelEvent;

/**
 * The champions that led to the current one. Each promotion adds a champion. A rollback removes
 * those after the version that it returned to, so that two rollbacks go back two champions.
 */
public final class ChampionHistory {
  private final Deque<String> champions = new ArrayDeque<>();

  /** Replays the events of one model, in order. */
  public static ChampionHistory of(List<ModelEvent> events) {
    ChampionHistory history = new ChampionHistory();
    for (ModelEvent event : events) {
      String champion = event.getChampion();
      if (champion == null) {
        continue;
      }
      switch (event.getType()) {
        case PROMOTED -> history.promote(champion);
        case ROLLED_BACK -> history.returnTo(champion);
        default -> {
          // The champion stays.
        }
      }
    }
    return history;
  }

  /**
   * The champion before the current one.
   *
   * @param inForce the current champion's version
   * @param available versions that still exist
   * @throws NoSuchElementException if there is none
   */
  public String before(String inForce, Set<String> available) {
    boolean passed = !champions.contains(inForce);
    for (String version : champions) {
      if (passed && !version.equals(inForce) && available.contains(version)) {
        return version;
      }
      passed |= version.equals(inForce);
    }
    throw new NoSuchElementException("there is no champion before version " + inForce);
  }

  private void promote(String version) {
    if (!version.equals(champions.peek())) {
      champions.push(version);
    }
  }

  private void returnTo(String version) {
    if (champions.contains(version)) {
      while (!champions.peek().equals(version)) {
        champions.pop();
      }
    } else {
      champions.push(version);
    }
  }
}
