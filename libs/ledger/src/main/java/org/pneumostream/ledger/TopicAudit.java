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
 * Audits scans and dead letters from the topics' committed records. Unreadable records are reported
 * and skipped.
 */
public final class TopicAudit {
  /** Records without a key cannot be told apart. */
  private static final String NO_KEY = "(no key)";

  private final KafkaConnection kafka;
  private final Topics topics;
  private final Consumer<UnreadableRecord> unreadable;

  /**
   * @param unreadable receives each unreadable record; maybe more than once if several audits run
   */
  public TopicAudit(KafkaConnection kafka, Consumer<UnreadableRecord> unreadable) {
    this.kafka = kafka;
    this.topics = kafka.topics();
    this.unreadable = unreadable;
  }

  /**
   * Outcome of an audit, and the dead letters behind it.
   *
   * @param letters all dead letters, by number
   * @param expired scans that expired before preprocess-stream read them
   */
  public record Balance(
      ScanAudit scans, List<TrackedDeadLetter> letters, List<UnreadScans.Expired> expired) {
    public Balance {
      letters = List.copyOf(letters);
      expired = List.copyOf(expired);
    }

    /** Whether every scan and alert is accounted for, none twice, and no scan expired unread. */
    public boolean isBalanced() {
      return scans.isBalanced() && expired.isEmpty();
    }

    /** Number of scans that expired before preprocess-stream read them. */
    public long expiredScans() {
      return expired.stream().mapToLong(UnreadScans.Expired::count).sum();
    }

    /** Number of dead letters in a state. */
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
   * @param model name of the model whose predictions, alerts and dead letters count, since each
   *     model scores every scan
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
    // Alerts are read before predictions, so that every alert read has its prediction.
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

  /** Expired scans in dead letters, and those that have expired since. */
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

  /** Reads records that may follow letters that are still open. */
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

  /** Reads only the values of predictions that retry a letter. */
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

  /** Whether it is the letter of a scan, or of a volume that this model's scorer failed on. */
  private boolean keepsFromPrediction(TrackedDeadLetter letter, String model) {
    DeadLetter last = letter.last().letter();
    return last.getTopic().equals(topics.scans().name()) || model.equals(last.getModel());
  }

  private static String id(String key) {
    return Objects.requireNonNullElse(key, NO_KEY);
  }
}
