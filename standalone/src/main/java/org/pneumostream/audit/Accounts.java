package org.pneumostream.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.service.CommittedRecords;
import org.pneumostream.service.UnreadScans;

/**
 * The topics' own account of scans and dead letters: all that is committed when it is asked. A
 * record that cannot be read is told of and left out.
 */
public final class Accounts {
  /** Whatever another producer wrote without a key could not be told apart any further. */
  private static final String NO_KEY = "(no key)";

  /** Values are megabytes and are dropped at once: no more of them at a time than must be. */
  private static final Map<String, Object> CONSUMER =
      Map.of(
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
          8 << 20,
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
          1 << 20);

  /**
   * How far back of a failure's time topics are read: what was pushed again before it was told has
   * the time of the push, and clocks differ. What came first is told by places alone.
   */
  private static final Duration BEFORE = Duration.ofDays(1);

  private final KafkaConnection kafka;
  private final Topics topics;
  private final Consumer<UnreadableRecord> unreadable;

  /**
   * @param unreadable told of each record that cannot be read; maybe more than once, if the account
   *     is asked for more than once
   */
  public Accounts(KafkaConnection kafka, Consumer<UnreadableRecord> unreadable) {
    this.kafka = kafka;
    this.topics = kafka.topics();
    this.unreadable = unreadable;
  }

  /**
   * What became of the scans, and the dead letters that it rests on.
   *
   * @param letters all of them, by number
   * @param expired where scans have expired before preprocess-stream came to them
   */
  public record Balance(ScanAudit scans, List<Letter> letters, List<UnreadScans.Expired> expired) {
    /** Whether every scan is accounted for, none twice, every alert, and none expired unread. */
    public boolean isBalanced() {
      return scans.isBalanced() && expired.isEmpty();
    }

    /** How many scans have expired before preprocess-stream came to them. */
    public long expiredScans() {
      return expired.stream().mapToLong(UnreadScans.Expired::count).sum();
    }

    /** How many dead letters are in a state. */
    public long letters(Letter.State state) {
      return letters.stream().filter(letter -> letter.state() == state).count();
    }
  }

  /** Every dead letter, by number. */
  public List<Letter> letters() {
    List<TopicEntry> tombstones = new ArrayList<>();
    List<Attempt> attempts = attempts(tombstones);
    DeadLetterLedger ledger = ledger(attempts, tombstones);
    settle(topics.predictions(), attempts, ledger);
    settle(topics.labels(), attempts, ledger);
    // What is large is read for the sake of those alone that are still open.
    since(ledger.openSince(ownTopics(topics.scans())), topics.scans(), ledger);
    settleByVolumes(ledger);
    return ledger.letters();
  }

  /**
   * Accounts for every scan.
   *
   * @param model name of the model whose predictions, alerts and dead letters count: each model
   *     scores every scan
   */
  public Balance balance(String model) {
    List<TopicEntry> tombstones = new ArrayList<>();
    List<Attempt> attempts = attempts(tombstones);
    DeadLetterLedger letters = ledger(attempts, tombstones);
    ScanLedger scans = new ScanLedger();
    forEach(
        topics.scans(),
        record -> {
          letters.seen(entry(record));
          note(record, scans);
        });
    // Alerts before predictions: what is alerted then has its prediction.
    forEach(topics.alerts(), record -> noteAlert(record, model, scans));
    forEach(
        topics.predictions(),
        record -> {
          letters.seen(entry(record));
          notePrediction(record, model, scans);
        });
    settle(topics.labels(), attempts, letters);
    settleByVolumes(letters);
    List<Letter> all = letters.letters();
    all.stream()
        .filter(letter -> letter.state() == Letter.State.WAITING)
        .filter(letter -> keepsFromPrediction(letter, model))
        .forEach(letter -> scans.deadLettered(id(letter.last().key())));
    return new Balance(scans.audit(), all, expired(all));
  }

  /** Those that dead letters tell of, and what has expired since. */
  private List<UnreadScans.Expired> expired(List<Letter> letters) {
    List<UnreadScans.Expired> expired = new ArrayList<>();
    letters.forEach(
        letter -> UnreadScans.Expired.ofKey(letter.last().key()).ifPresent(expired::add));
    for (UnreadScans.Expired now : new UnreadScans(kafka).expired()) {
      if (expired.stream()
          .noneMatch(told -> told.partition() == now.partition() && told.from() == now.from())) {
        expired.add(now);
      }
    }
    return expired;
  }

  /**
   * @param tombstones takes those among the dead letters: the scans were erased
   */
  private List<Attempt> attempts(List<TopicEntry> tombstones) {
    List<Attempt> attempts = new ArrayList<>();
    forEach(
        topics.deadLetters(),
        record -> {
          if (record.value() == null) {
            tombstones.add(entry(record));
          } else {
            UnreadableRecord.value(topics.deadLetters(), record, unreadable)
                .ifPresent(letter -> attempts.add(attempt(record, letter)));
          }
        });
    return attempts;
  }

  private static Attempt attempt(ConsumerRecord<String, byte[]> record, DeadLetter letter) {
    int bytes = letter.getContent() == null ? -1 : letter.getContent().remaining();
    return new Attempt(
        record.offset(),
        Instant.ofEpochMilli(record.timestamp()),
        record.key(),
        DeadLetter.newBuilder(letter).setContent(null).build(),
        bytes);
  }

  private DeadLetterLedger ledger(List<Attempt> attempts, List<TopicEntry> tombstones) {
    DeadLetterLedger ledger =
        new DeadLetterLedger(
            attempts, this::outcomeTopics, topics.scans().name(), topics.deadLetters().name());
    tombstones.forEach(ledger::seen);
    return ledger;
  }

  /** By a topic of small records, for all letters. */
  private void settle(Topic<?> topic, List<Attempt> attempts, DeadLetterLedger ledger) {
    since(attempts.stream().map(Attempt::at).min(Instant::compareTo), topic, ledger);
  }

  private void settleByVolumes(DeadLetterLedger ledger) {
    since(ledger.openSince(ownTopics(topics.scans(), topics.volumes())), topics.volumes(), ledger);
  }

  private static Set<String> ownTopics(Topic<?>... topics) {
    return Stream.of(topics).map(Topic::name).collect(Collectors.toSet());
  }

  private void since(Optional<Instant> failed, Topic<?> topic, DeadLetterLedger ledger) {
    failed.ifPresent(
        first -> {
          try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(CONSUMER)) {
            CommittedRecords.since(consumer, topic.name(), first.minus(BEFORE))
                .forEach(record -> ledger.seen(entry(record)));
          }
        });
  }

  private void forEach(Topic<?> topic, Consumer<ConsumerRecord<String, byte[]>> take) {
    try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(CONSUMER)) {
      CommittedRecords.upToNow(consumer, topic.name()).forEach(take);
    }
  }

  private static void note(ConsumerRecord<String, byte[]> record, ScanLedger scans) {
    if (record.value() == null) {
      scans.erased(id(record.key()));
    } else {
      scans.pushed(id(record.key()));
    }
  }

  private void notePrediction(
      ConsumerRecord<String, byte[]> record, String model, ScanLedger scans) {
    if (record.value() == null) {
      scans.predictionsErased(id(record.key()));
      return;
    }
    UnreadableRecord.value(topics.predictions(), record, unreadable)
        .filter(prediction -> prediction.getModelName().equals(model))
        .map(ScanLedger::model)
        .ifPresent(by -> scans.predicted(id(record.key()), by));
  }

  private void noteAlert(ConsumerRecord<String, byte[]> record, String model, ScanLedger scans) {
    if (record.value() == null) {
      scans.alertsErased(id(record.key()));
      return;
    }
    UnreadableRecord.value(topics.alerts(), record, unreadable)
        .filter(alert -> alert.getModelName().equals(model))
        .map(ScanLedger::model)
        .ifPresent(by -> scans.alerted(id(record.key()), by));
  }

  /**
   * A scan that passes becomes a volume, and that a prediction in the end. Labels, and volumes as
   * preprocess-stream reads them, go into tables and show in labeled-volumes only when the other
   * half is there: those have passed when they are there and no dead letter tells of it.
   */
  private Set<String> outcomeTopics(DeadLetter letter) {
    String volumes = topics.volumes().name();
    String predictions = topics.predictions().name();
    if (letter.getStage().equals(ScorerService.NAME) && letter.getTopic().equals(volumes)) {
      return Set.of(predictions);
    }
    return letter.getTopic().equals(topics.scans().name())
        ? Set.of(volumes, predictions)
        : Set.of(letter.getTopic());
  }

  private boolean keepsFromPrediction(Letter letter, String model) {
    DeadLetter last = letter.last().letter();
    boolean isOfAnother = last.getModel() != null && !last.getModel().equals(model);
    return !isOfAnother && !outcomeTopics(last).contains(last.getTopic());
  }

  private TopicEntry entry(ConsumerRecord<String, byte[]> record) {
    Map<String, RecordPlace> places = new HashMap<>();
    RecordPlace.read(RecordPlace.SCAN, record.headers())
        .ifPresent(scan -> places.put(topics.scans().name(), scan));
    RecordPlace.read(RecordPlace.VOLUME, record.headers())
        .ifPresent(volume -> places.put(topics.volumes().name(), volume));
    places.put(record.topic(), new RecordPlace(record.partition(), record.offset()));
    return new TopicEntry(
        record.topic(), places, record.key(), record.value() == null, model(record));
  }

  /** The name of the model that a prediction is by; null for other records and unreadable ones. */
  private String model(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null || !record.topic().equals(topics.predictions().name())) {
      return null;
    }
    return UnreadableRecord.value(topics.predictions(), record, alreadyTold -> {})
        .map(Prediction::getModelName)
        .orElse(null);
  }

  private static String id(String key) {
    return Objects.requireNonNullElse(key, NO_KEY);
  }
}
