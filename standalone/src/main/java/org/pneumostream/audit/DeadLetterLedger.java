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
import org.pneumostream.schemas.RecordPlace;

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
  private record Failure(String stage, String model, String topic, RecordPlace place) {}

  private final Function<DeadLetter, Set<String>> outcomeTopics;
  private final String scans;
  private final String deadLetters;
  private final Map<Subject, List<Attempt>> attempts = new LinkedHashMap<>();
  private final Map<String, List<TopicEntry>> entries = new HashMap<>();
  private final Set<Failure> failures = new HashSet<>();

  /**
   * @param all every attempt on record
   * @param outcomeTopics where it shows, under the same key, that the stage has passed a record:
   *     topics that the record leads to, or the letter's own topic if the stage writes nothing at
   *     once
   * @param scans full name of the scans topic; a tombstone there says that a scan was erased
   * @param deadLetters of the dead letters; so does one there
   */
  DeadLetterLedger(
      Collection<Attempt> all,
      Function<DeadLetter, Set<String>> outcomeTopics,
      String scans,
      String deadLetters) {
    this.outcomeTopics = outcomeTopics;
    this.scans = scans;
    this.deadLetters = deadLetters;
    for (Attempt attempt : all) {
      DeadLetter letter = attempt.letter();
      attempts.computeIfAbsent(Subject.of(attempt), subject -> new ArrayList<>()).add(attempt);
      entries.computeIfAbsent(attempt.key(), key -> new ArrayList<>());
      failures.add(
          new Failure(letter.getStage(), letter.getModel(), letter.getTopic(), attempt.place()));
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
            .filter(entry -> isAfter(entry, attempt))
            .filter(entry -> next == null || !(isAfter(entry, next) || isAttempt(entry, next)))
            .toList();
    if (between.stream().anyMatch(this::isErasure)) {
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

  private boolean isErasure(TopicEntry entry) {
    return entry.isTombstone()
        && (entry.topic().equals(scans) || entry.topic().equals(deadLetters));
  }

  private boolean passed(TopicEntry entry, Set<String> topics, DeadLetter letter) {
    return topics.contains(entry.topic())
        && !entry.isTombstone()
        && isByModelOf(letter, entry)
        && !failures.contains(
            new Failure(letter.getStage(), letter.getModel(), entry.topic(), entry.place()));
  }

  /** What one model's scorer failed on, another model's prediction does not settle. */
  private static boolean isByModelOf(DeadLetter letter, TopicEntry entry) {
    return letter.getModel() == null
        || entry.model() == null
        || letter.getModel().equals(entry.model());
  }

  /**
   * On dead-letters, behind the letter. Elsewhere, the record that failed lies before this one, or
   * before the one that this one was made of. No clock is asked: records of two topics have theirs
   * from two hosts.
   */
  private boolean isAfter(TopicEntry entry, Attempt attempt) {
    if (entry.topic().equals(deadLetters)) {
      return entry.place().offset() > attempt.number();
    }
    RecordPlace place = entry.places().get(attempt.letter().getTopic());
    return place != null && place.isBehind(attempt.place());
  }

  private static boolean isAttempt(TopicEntry entry, Attempt attempt) {
    return attempt.place().equals(entry.places().get(attempt.letter().getTopic()));
  }
}
