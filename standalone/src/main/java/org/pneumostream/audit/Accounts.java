package org.pneumostream.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.service.CommittedRecords;

/** The topics' own account of scans and dead letters: all that is committed when it is asked. */
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

  private final KafkaConnection kafka;
  private final Topics topics;

  public Accounts(KafkaConnection kafka) {
    this.kafka = kafka;
    this.topics = kafka.topics();
  }

  /**
   * What became of the scans, and the dead letters that it rests on.
   *
   * @param letters all of them, by number
   */
  public record Balance(ScanAudit scans, List<Letter> letters) {
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
    since(attempts, topics.scans(), ledger);
    since(attempts, topics.predictions(), ledger);
    since(attempts, topics.volumes(), ledger);
    since(attempts, topics.labels(), ledger);
    return ledger.letters();
  }

  /** Accounts for every scan. */
  public Balance balance() {
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
    forEach(
        topics.predictions(),
        record -> {
          letters.seen(entry(record));
          notePrediction(record, scans);
        });
    since(attempts, topics.volumes(), letters);
    since(attempts, topics.labels(), letters);
    List<Letter> all = letters.letters();
    all.stream()
        .filter(letter -> letter.state() == Letter.State.WAITING)
        .filter(this::keepsFromPrediction)
        .forEach(letter -> scans.deadLettered(id(letter.last().key())));
    return new Balance(scans.audit(), all);
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
            attempts.add(attempt(record));
          }
        });
    return attempts;
  }

  private Attempt attempt(ConsumerRecord<String, byte[]> record) {
    DeadLetter letter = topics.deadLetters().value(record.value());
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
            attempts,
            this::outcomeTopic,
            // A label may be withdrawn, too.
            Set.of(topics.scans().name(), topics.deadLetters().name()));
    tombstones.forEach(ledger::seen);
    return ledger;
  }

  /** What settles a letter is younger than the letter. */
  private void since(List<Attempt> attempts, Topic<?> topic, DeadLetterLedger ledger) {
    attempts.stream()
        .map(Attempt::at)
        .min(Instant::compareTo)
        .ifPresent(
            first -> {
              try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(CONSUMER)) {
                CommittedRecords.since(consumer, topic.name(), first)
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
      scans.erased(id(record.key()), Instant.ofEpochMilli(record.timestamp()));
    } else {
      scans.pushed(id(record.key()));
    }
  }

  private void notePrediction(ConsumerRecord<String, byte[]> record, ScanLedger scans) {
    Instant at = Instant.ofEpochMilli(record.timestamp());
    if (record.value() == null) {
      scans.forgotten(id(record.key()), at);
      return;
    }
    Prediction prediction = topics.predictions().value(record.value());
    scans.predicted(id(record.key()), ScanLedger.model(prediction), at);
  }

  /**
   * A scan that passes becomes a volume, a volume that passes the scorer a prediction. Labels, and
   * volumes as preprocess-stream reads them, go into tables and show in labeled-volumes only when
   * the other half is there: those have passed when they are there and no dead letter tells of it.
   */
  private String outcomeTopic(DeadLetter letter) {
    Map<String, String> written =
        letter.getStage().equals(ScorerService.NAME)
            ? Map.of(topics.volumes().name(), topics.predictions().name())
            : Map.of(topics.scans().name(), topics.volumes().name());
    return written.getOrDefault(letter.getTopic(), letter.getTopic());
  }

  private boolean keepsFromPrediction(Letter letter) {
    DeadLetter last = letter.last().letter();
    return !outcomeTopic(last).equals(last.getTopic());
  }

  private static TopicEntry entry(ConsumerRecord<String, byte[]> record) {
    return new TopicEntry(
        record.topic(),
        record.partition(),
        record.offset(),
        record.key(),
        Instant.ofEpochMilli(record.timestamp()),
        record.value() == null);
  }

  private static String id(String key) {
    return Objects.requireNonNullElse(key, NO_KEY);
  }
}
