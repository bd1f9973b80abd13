package org.pneumostream.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.RetryOf;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;

/**
 * Audits scans and dead letters by the topics: all that is committed when it is asked. A record
 * that cannot be read is told of and left out.
 */
public final class TopicAudit {
  /** Whatever another producer wrote without a key could not be told apart any further. */
  private static final String NO_KEY = "(no key)";

  private final KafkaConnection kafka;
  private final Topics topics;
  private final Consumer<UnreadableRecord> unreadable;

  /**
   * @param unreadable told of each record that cannot be read; maybe more than once, if the audit
   *     is asked more than once
   */
  public TopicAudit(KafkaConnection kafka, Consumer<UnreadableRecord> unreadable) {
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
  public record Balance(
      ScanAudit scans, List<TrackedDeadLetter> letters, List<UnreadScans.Expired> expired) {
    public Balance {
      letters = List.copyOf(letters);
      expired = List.copyOf(expired);
    }

    /** Whether every scan is accounted for, none twice, every alert, and none expired unread. */
    public boolean isBalanced() {
      return scans.isBalanced() && expired.isEmpty();
    }

    /** How many scans have expired before preprocess-stream came to them. */
    public long expiredScans() {
      return expired.stream().mapToLong(UnreadScans.Expired::count).sum();
    }

    /** How many dead letters are in a state. */
    public long letters(TrackedDeadLetter.State state) {
      return letters.stream().filter(letter -> letter.state() == state).count();
    }
  }

  /** Every dead letter, by number. */
  public List<TrackedDeadLetter> deadLetters() {
    DeadLetterLedger ledger = deadLetterLedger();
    if (ledger.letters().stream().anyMatch(TrackedDeadLetter::isOpen)) {
      forEach(topics.predictions(), record -> noteRetried(record, ledger));
    }
    noteLater(topics.scans(), ledger);
    noteLater(topics.volumes(), ledger);
    noteLater(topics.labels(), ledger);
    return ledger.letters();
  }

  /**
   * Accounts for every scan.
   *
   * @param model name of the model whose predictions, alerts and dead letters count: each model
   *     scores every scan
   */
  public Balance balance(String model) {
    DeadLetterLedger letters = deadLetterLedger();
    ScanLedger scans = new ScanLedger();
    forEach(
        topics.scans(),
        record -> {
          noteRecord(record, letters);
          noteScan(record, scans);
        });
    // Alerts before predictions: what is alerted then has its prediction.
    forEach(topics.alerts(), record -> noteAlert(record, model, scans));
    forEach(
        topics.predictions(),
        record -> {
          if (record.value() == null) {
            scans.predictionsErased(id(record.key()));
          } else {
            UnreadableRecord.value(topics.predictions(), record, unreadable)
                .ifPresent(
                    prediction -> {
                      note(record, prediction, letters);
                      note(record, prediction, model, scans);
                    });
          }
        });
    noteLater(topics.volumes(), letters);
    noteLater(topics.labels(), letters);
    List<TrackedDeadLetter> all = letters.letters();
    all.stream()
        .filter(TrackedDeadLetter::isWaiting)
        .filter(letter -> keepsFromPrediction(letter, model))
        .forEach(letter -> scans.deadLettered(id(letter.last().key())));
    return new Balance(scans.audit(), all, expired(all));
  }

  /** Those that dead letters tell of, and what has expired since. */
  private List<UnreadScans.Expired> expired(List<TrackedDeadLetter> letters) {
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

  private DeadLetterLedger deadLetterLedger() {
    List<Attempt> attempts = new ArrayList<>();
    List<ConsumerRecord<String, byte[]>> tombstones = new ArrayList<>();
    forEach(
        topics.deadLetters(),
        record -> {
          if (record.value() == null) {
            tombstones.add(record);
          } else {
            UnreadableRecord.value(topics.deadLetters(), record, unreadable)
                .ifPresent(letter -> attempts.add(Attempt.of(record, letter)));
          }
        });
    DeadLetterLedger ledger = new DeadLetterLedger(topics, attempts);
    tombstones.forEach(tombstone -> ledger.erased(tombstone.key(), tombstone.offset()));
    return ledger;
  }

  /** Reads what may be later records of letters that are still open. */
  private void noteLater(Topic<?> topic, DeadLetterLedger ledger) {
    Map<Integer, Long> from = ledger.openFrom(topic.name());
    if (!from.isEmpty()) {
      try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(CommittedRecords.FEW_VALUES)) {
        CommittedRecords.since(consumer, topic.name(), from)
            .forEach(record -> noteRecord(record, ledger));
      }
    }
  }

  private void forEach(Topic<?> topic, Consumer<ConsumerRecord<String, byte[]>> take) {
    try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(CommittedRecords.FEW_VALUES)) {
      CommittedRecords.upToNow(consumer, topic.name()).forEach(take);
    }
  }

  private static void noteRecord(ConsumerRecord<String, byte[]> record, DeadLetterLedger ledger) {
    if (record.value() != null) {
      ledger.lies(
          record.topic(), record.key(), new RecordPlace(record.partition(), record.offset()));
    }
  }

  /** A prediction that tries a letter again; the values of others are not looked at. */
  private void noteRetried(ConsumerRecord<String, byte[]> record, DeadLetterLedger ledger) {
    if (record.value() != null && !RetryOf.read(record.headers()).isNone()) {
      UnreadableRecord.value(topics.predictions(), record, unreadable)
          .ifPresent(prediction -> note(record, prediction, ledger));
    }
  }

  private static void note(
      ConsumerRecord<String, byte[]> record, Prediction prediction, DeadLetterLedger ledger) {
    ledger.predicted(record.key(), prediction.getModelName(), RetryOf.read(record.headers()));
  }

  private static void note(
      ConsumerRecord<String, byte[]> record,
      Prediction prediction,
      String model,
      ScanLedger scans) {
    if (prediction.getModelName().equals(model)) {
      scans.predicted(id(record.key()), ScanLedger.model(prediction));
    }
  }

  private static void noteScan(ConsumerRecord<String, byte[]> record, ScanLedger scans) {
    if (record.value() == null) {
      scans.erased(id(record.key()));
    } else {
      scans.pushed(id(record.key()));
    }
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

  /** Whether it is a scan's, or a volume's that this model's scorer has given up. */
  private boolean keepsFromPrediction(TrackedDeadLetter letter, String model) {
    DeadLetter last = letter.last().letter();
    return last.getTopic().equals(topics.scans().name()) || model.equals(last.getModel());
  }

  private static String id(String key) {
    return Objects.requireNonNullElse(key, NO_KEY);
  }
}
