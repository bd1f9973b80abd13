package org.pneumostream.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pneumostream.ledger.TrackedDeadLetter.State;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.RetryOf;
import org.pneumostream.schemas.Topics;

/**
 * Determines which dead letters are still waiting. A letter is settled once a stage has written a
 * record that retries it ({@link RetryOf}). Attempts of one stage at one key of one topic form one
 * letter, unless it was settled or erased between them. Observations may come in any order; it
 * keeps nothing about keys without a letter.
 */
final class DeadLetterLedger {
  /** What the attempts of one letter have in common. */
  private record Subject(String stage, @Nullable String model, String topic, String key) {
    static Subject of(Attempt attempt) {
      DeadLetter letter = attempt.letter();
      return new Subject(letter.getStage(), letter.getModel(), letter.getTopic(), attempt.key());
    }
  }

  private record Prediction(String model, RetryOf retryOf) {}

  /** Observations about a key. */
  private static final class Seen {
    final List<Attempt> volumesLetters = new ArrayList<>();
    final List<Prediction> predictions = new ArrayList<>();
    final List<Long> erasures = new ArrayList<>();

    /** Keyed by topic. */
    final Map<String, List<RecordPlace>> places = new HashMap<>();
  }

  private final Topics topics;
  private final Map<Subject, List<Attempt>> attempts = new LinkedHashMap<>();
  private final Map<String, Seen> seen = new HashMap<>();

  /**
   * @param all every recorded attempt
   */
  DeadLetterLedger(Topics topics, Collection<Attempt> all) {
    this.topics = topics;
    for (Attempt attempt : all) {
      attempts.computeIfAbsent(Subject.of(attempt), subject -> new ArrayList<>()).add(attempt);
      Seen ofKey = seen.computeIfAbsent(attempt.key(), key -> new Seen());
      if (attempt.letter().getTopic().equals(topics.volumes().name())) {
        ofKey.volumesLetters.add(attempt);
      }
    }
    attempts.values().forEach(list -> list.sort(Comparator.comparingLong(Attempt::number)));
  }

  /** Records that a scan was erased, by the offset of its tombstone on dead-letters. */
  void erased(String key, long number) {
    if (seen.containsKey(key)) {
      seen.get(key).erasures.add(number);
    }
  }

  /** Records a prediction. */
  void predicted(String key, String model, RetryOf retryOf) {
    if (seen.containsKey(key) && !retryOf.isNone()) {
      seen.get(key).predictions.add(new Prediction(model, retryOf));
    }
  }

  /** Records a record, other than a tombstone, on a topic that a stage reads. */
  void lies(String topic, String key, RecordPlace place) {
    if (seen.containsKey(key)) {
      seen.get(key).places.computeIfAbsent(topic, name -> new ArrayList<>()).add(place);
    }
  }

  /** The letters, by number. */
  List<TrackedDeadLetter> letters() {
    return attempts.values().stream()
        .flatMap(ofSubject -> letters(ofSubject).stream())
        .sorted(Comparator.comparingLong(TrackedDeadLetter::number))
        .toList();
  }

  /**
   * The offsets from which a topic may hold later records of letters that are still open; only the
   * partitions concerned.
   */
  Map<Integer, Long> openFrom(String topic) {
    Map<Integer, Long> offsets = new HashMap<>();
    letters().stream()
        .filter(TrackedDeadLetter::isOpen)
        .flatMap(letter -> letter.attempts().stream())
        .filter(attempt -> attempt.letter().getTopic().equals(topic))
        .map(Attempt::place)
        .forEach(place -> offsets.merge(place.partition(), place.offset() + 1, Math::min));
    return offsets;
  }

  private List<TrackedDeadLetter> letters(List<Attempt> ofSubject) {
    List<TrackedDeadLetter> letters = new ArrayList<>();
    List<Attempt> current = new ArrayList<>();
    for (int i = 0; i < ofSubject.size(); i++) {
      Attempt attempt = ofSubject.get(i);
      Attempt next = i + 1 < ofSubject.size() ? ofSubject.get(i + 1) : null;
      State state = state(attempt, next);
      boolean isClosed = state == State.SETTLED || state == State.ERASED;
      current.add(attempt);
      if (next == null || (isClosed && !attempt.isTriedAgainBy(next.retryOf()))) {
        letters.add(new TrackedDeadLetter(current, state));
        current = new ArrayList<>();
      }
    }
    return letters;
  }

  /**
   * @param next the next attempt, or null for the last one
   */
  private State state(Attempt attempt, @Nullable Attempt next) {
    Seen ofKey = Objects.requireNonNull(seen.get(attempt.key()));
    Predicate<Long> isBetween =
        number -> number > attempt.number() && (next == null || number < next.number());
    if (ofKey.erasures.stream().anyMatch(isBetween)) {
      return State.ERASED;
    }
    if (hasPassed(attempt, ofKey)) {
      return State.SETTLED;
    }
    if (!hasLaterRecord(attempt, next, ofKey)) {
      return State.WAITING;
    }
    return isOfTable(attempt) ? State.SETTLED : State.UNDERWAY;
  }

  /**
   * Whether the stage has processed a retry of the attempt. For the scorer: the same model has
   * predicted. For a scan: a scorer has predicted its volume, or failed on it.
   */
  private boolean hasPassed(Attempt attempt, Seen ofKey) {
    String model = attempt.letter().getModel();
    boolean isPredicted =
        ofKey.predictions.stream()
            .filter(prediction -> model == null || model.equals(prediction.model()))
            .anyMatch(prediction -> attempt.isTriedAgainBy(prediction.retryOf()));
    boolean isGivenUpLater =
        isOf(topics.scans().name(), attempt)
            && ofKey.volumesLetters.stream()
                .anyMatch(letter -> attempt.isTriedAgainBy(letter.retryOf()));
    return isPredicted || isGivenUpLater;
  }

  private static boolean hasLaterRecord(Attempt attempt, @Nullable Attempt next, Seen ofKey) {
    return ofKey.places.getOrDefault(attempt.letter().getTopic(), List.of()).stream()
        .filter(place -> place.isBehind(attempt.place()))
        .anyMatch(place -> next == null || next.place().isBehind(place));
  }

  /**
   * Whether the stage only stores the latest record of each key in a table and writes nothing at
   * once; a later record has then replaced the failed one.
   */
  private boolean isOfTable(Attempt attempt) {
    return isOf(topics.labels().name(), attempt)
        || (isOf(topics.volumes().name(), attempt) && attempt.letter().getModel() == null);
  }

  private static boolean isOf(String topic, Attempt attempt) {
    return attempt.letter().getTopic().equals(topic);
  }
}
