package org.pneumostream.audit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.pneumostream.schemas.DeadLetter;

/**
 * Tells which dead letters still wait. Attempts of one stage at one key of one topic are one
 * letter, unless it had been settled or erased between two of them. What is seen on the topics may
 * come in any order; of keys without a letter nothing is kept.
 */
final class DeadLetterLedger {
  /** What attempts of one letter have in common. */
  private record Subject(String stage, String topic, String key) {
    static Subject of(Attempt attempt) {
      return new Subject(attempt.letter().getStage(), attempt.letter().getTopic(), attempt.key());
    }
  }

  /** A record that a stage failed on. */
  private record Failure(String stage, String topic, int partition, long offset) {}

  private final Function<DeadLetter, String> outcomeTopic;
  private final Set<String> erasing;
  private final Map<Subject, List<Attempt>> attempts = new LinkedHashMap<>();
  private final Map<String, List<TopicEntry>> entries = new HashMap<>();
  private final Set<Failure> failures = new HashSet<>();

  /**
   * @param all every attempt on record
   * @param outcomeTopic where it shows, under the same key, that the stage has passed a record: the
   *     topic it writes, or the letter's own topic if the stage writes nothing at once
   * @param erasing topics on which a tombstone says that a scan was erased
   */
  DeadLetterLedger(
      Collection<Attempt> all, Function<DeadLetter, String> outcomeTopic, Set<String> erasing) {
    this.outcomeTopic = outcomeTopic;
    this.erasing = Set.copyOf(erasing);
    for (Attempt attempt : all) {
      DeadLetter letter = attempt.letter();
      attempts.computeIfAbsent(Subject.of(attempt), subject -> new ArrayList<>()).add(attempt);
      entries.computeIfAbsent(attempt.key(), key -> new ArrayList<>());
      failures.add(
          new Failure(
              letter.getStage(), letter.getTopic(), letter.getPartition(), letter.getOffset()));
    }
    attempts.values().forEach(list -> list.sort(Comparator.comparingLong(Attempt::number)));
  }

  /** Takes note of a record on a stage's topic or on an outcome's, or of a tombstone. */
  void seen(TopicEntry entry) {
    List<TopicEntry> ofKey = entries.get(entry.key());
    if (ofKey != null) {
      ofKey.add(entry);
    }
  }

  /** The letters, by number. */
  List<Letter> letters() {
    return attempts.values().stream()
        .flatMap(ofSubject -> letters(ofSubject).stream())
        .sorted(Comparator.comparingLong(Letter::number))
        .toList();
  }

  private List<Letter> letters(List<Attempt> ofSubject) {
    List<Letter> letters = new ArrayList<>();
    List<Attempt> current = new ArrayList<>();
    for (int i = 0; i < ofSubject.size(); i++) {
      Attempt attempt = ofSubject.get(i);
      Attempt next = i + 1 < ofSubject.size() ? ofSubject.get(i + 1) : null;
      current.add(attempt);
      Letter.State state = state(attempt, next);
      boolean isClosed = state == Letter.State.SETTLED || state == Letter.State.ERASED;
      if (isClosed || next == null) {
        letters.add(new Letter(current, state));
        current = new ArrayList<>();
      }
    }
    return letters;
  }

  /**
   * @param next the next attempt, or null for the last one
   */
  private Letter.State state(Attempt attempt, Attempt next) {
    List<TopicEntry> between =
        entries.get(attempt.key()).stream()
            .filter(entry -> isAfter(entry, attempt))
            .filter(entry -> next == null || !(isAfter(entry, next) || isAttempt(entry, next)))
            .toList();
    if (between.stream().anyMatch(e -> e.isTombstone() && erasing.contains(e.topic()))) {
      return Letter.State.ERASED;
    }
    String outcome = outcomeTopic.apply(attempt.letter());
    if (between.stream().anyMatch(entry -> passed(entry, outcome, attempt.letter()))) {
      return Letter.State.SETTLED;
    }
    String own = attempt.letter().getTopic();
    return between.stream().anyMatch(entry -> passed(entry, own, attempt.letter()))
        ? Letter.State.UNDERWAY
        : Letter.State.WAITING;
  }

  private boolean passed(TopicEntry entry, String topic, DeadLetter letter) {
    return entry.topic().equals(topic)
        && !entry.isTombstone()
        && !failures.contains(
            new Failure(letter.getStage(), entry.topic(), entry.partition(), entry.offset()));
  }

  /** By offset where both lie in one partition, else by time. */
  private static boolean isAfter(TopicEntry entry, Attempt attempt) {
    return inOnePartition(entry, attempt.letter())
        ? entry.offset() > attempt.letter().getOffset()
        : entry.at().isAfter(attempt.at());
  }

  private static boolean isAttempt(TopicEntry entry, Attempt attempt) {
    return inOnePartition(entry, attempt.letter())
        && entry.offset() == attempt.letter().getOffset();
  }

  private static boolean inOnePartition(TopicEntry entry, DeadLetter letter) {
    return entry.topic().equals(letter.getTopic()) && entry.partition() == letter.getPartition();
  }
}
