package org.pneumostream.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private record Subject(String stage, String model, String topic, String key) {
    static Subject of(Attempt attempt) {
      DeadLetter letter = attempt.letter();
      return new Subject(letter.getStage(), letter.getModel(), letter.getTopic(), attempt.key());
    }
  }

  /** A record that a stage failed on. */
  private record Failure(String stage, String model, String topic, int partition, long offset) {}

  private final Function<DeadLetter, Set<String>> outcomeTopics;
  private final Set<String> erasing;
  private final Map<Subject, List<Attempt>> attempts = new LinkedHashMap<>();
  private final Map<String, List<TopicEntry>> entries = new HashMap<>();
  private final Set<Failure> failures = new HashSet<>();

  /**
   * @param all every attempt on record
   * @param outcomeTopics where it shows, under the same key, that the stage has passed a record:
   *     topics that the record leads to, or the letter's own topic if the stage writes nothing at
   *     once
   * @param erasing topics on which a tombstone says that a scan was erased
   */
  DeadLetterLedger(
      Collection<Attempt> all,
      Function<DeadLetter, Set<String>> outcomeTopics,
      Set<String> erasing) {
    this.outcomeTopics = outcomeTopics;
    this.erasing = Set.copyOf(erasing);
    for (Attempt attempt : all) {
      DeadLetter letter = attempt.letter();
      attempts.computeIfAbsent(Subject.of(attempt), subject -> new ArrayList<>()).add(attempt);
      entries.computeIfAbsent(attempt.key(), key -> new ArrayList<>());
      failures.add(
          new Failure(
              letter.getStage(),
              letter.getModel(),
              letter.getTopic(),
              letter.getPartition(),
              letter.getOffset()));
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

  /**
   * When the oldest of these topics' letters failed that are not closed by what was seen so far.
   */
  Optional<Instant> openSince(Set<String> topics) {
    return letters().stream()
        .filter(Letter::isOpen)
        .filter(letter -> topics.contains(letter.last().letter().getTopic()))
        .map(letter -> letter.attempts().get(0).at())
        .min(Instant::compareTo);
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
    List<TopicEntry> ofKey = entries.get(attempt.key());
    List<TopicEntry> between =
        ofKey.stream()
            .filter(entry -> isAfter(entry, attempt, ofKey))
            .filter(
                entry -> next == null || !(isAfter(entry, next, ofKey) || isAttempt(entry, next)))
            .toList();
    if (between.stream().anyMatch(e -> e.isTombstone() && erasing.contains(e.topic()))) {
      return Letter.State.ERASED;
    }
    Set<String> outcomes = outcomeTopics.apply(attempt.letter());
    if (between.stream().anyMatch(entry -> passed(entry, outcomes, attempt.letter()))) {
      return Letter.State.SETTLED;
    }
    Set<String> own = Set.of(attempt.letter().getTopic());
    return between.stream().anyMatch(entry -> passed(entry, own, attempt.letter()))
        ? Letter.State.UNDERWAY
        : Letter.State.WAITING;
  }

  private boolean passed(TopicEntry entry, Set<String> topics, DeadLetter letter) {
    return topics.contains(entry.topic())
        && !entry.isTombstone()
        && isByModelOf(letter, entry)
        && !failures.contains(
            new Failure(
                letter.getStage(),
                letter.getModel(),
                entry.topic(),
                entry.partition(),
                entry.offset()));
  }

  /** What one model's scorer failed on, another model's prediction does not settle. */
  private static boolean isByModelOf(DeadLetter letter, TopicEntry entry) {
    return letter.getModel() == null
        || entry.model() == null
        || letter.getModel().equals(entry.model());
  }

  /**
   * By offset where both lie in one partition, else by time: after the failure, or not before a
   * later record that did not fail. What is made of a record has its time, and that record may have
   * been there before the failure was told.
   */
  private boolean isAfter(TopicEntry entry, Attempt attempt, List<TopicEntry> ofKey) {
    DeadLetter letter = attempt.letter();
    if (inOnePartition(entry, letter)) {
      return entry.offset() > letter.getOffset();
    }
    return entry.at().isAfter(attempt.at())
        || !entry.isTombstone()
            && ofKey.stream()
                .filter(
                    other -> inOnePartition(other, letter) && other.offset() > letter.getOffset())
                .filter(other -> passed(other, Set.of(letter.getTopic()), letter))
                .anyMatch(other -> !entry.at().isBefore(other.at()));
  }

  private static boolean isAttempt(TopicEntry entry, Attempt attempt) {
    return inOnePartition(entry, attempt.letter())
        && entry.offset() == attempt.letter().getOffset();
  }

  private static boolean inOnePartition(TopicEntry entry, DeadLetter letter) {
    return entry.topic().equals(letter.getTopic()) && entry.partition() == letter.getPartition();
  }
}
