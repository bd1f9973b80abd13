package org.pneumostream.scorer;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.runtime.LetterRoom;
import org.pneumostream.schemas.Alert;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.RetryOf;
import org.pneumostream.schemas.Stage;
import org.pneumostream.schemas.Topics;
import org.pneumostream.schemas.Volume;
import org.pneumostream.schemas.VolumeRecords;
import org.pneumostream.volume.Decision;

/** Turns a batch of volume records into the records that answer them. */
final class BatchScorer {
  /** A valid volume. */
  private record Scorable(ConsumerRecord<String, byte[]> record, Volume volume, short[] voxels) {}

  private final Topics topics;
  private final double alertThreshold;
  private final LetterRoom room;
  private final InstantSource clock;

  BatchScorer(Topics topics, double alertThreshold, LetterRoom room, InstantSource clock) {
    this.room = room;
    this.topics = topics;
    this.alertThreshold = alertThreshold;
    this.clock = clock;
  }

  /**
   * Returns one prediction for each volume, an alert for each above the threshold, and a dead
   * letter for each record that cannot be scored. A tombstone is passed on, so that it follows
   * earlier answers about the scan; volumes before it in this batch are not scored any more.
   *
   * @param trace of these records
   */
  List<ProducerRecord<String, byte[]>> score(
      List<ConsumerRecord<String, byte[]>> records, Champion champion, BatchTrace trace) {
    List<ProducerRecord<String, byte[]>> answers = new ArrayList<>();
    List<Scorable> scorable = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      if (isForAnother(record, champion.version().getName())) {
        continue;
      }
      if (record.value() == null) {
        scorable.removeIf(volume -> Objects.equals(volume.record().key(), record.key()));
        answers.removeIf(answer -> Objects.equals(answer.key(), record.key()));
        answers.addAll(tombstones(record.key()));
        continue;
      }
      try {
        scorable.add(scorable(record, champion.version()));
      } catch (SerializationException | IllegalArgumentException e) {
        answers.add(deadLetter(record, e, champion.version().getName(), trace));
      }
    }
    if (!scorable.isEmpty()) {
      answers.addAll(answers(scorable, champion, trace));
    }
    return answers;
  }

  private static boolean isForAnother(ConsumerRecord<?, ?> record, String model) {
    Header header = record.headers().lastHeader(RetryOf.ONLY_FOR_MODEL);
    return header != null && !model.equals(new String(header.value(), StandardCharsets.UTF_8));
  }

  private List<ProducerRecord<String, byte[]>> tombstones(String scanId) {
    return List.of(topics.predictions(), topics.alerts(), topics.deadLetters()).stream()
        .map(topic -> new ProducerRecord<String, byte[]>(topic.name(), scanId, null))
        .toList();
  }

  /** A volume that the network fails on must not affect the others. */
  private List<ProducerRecord<String, byte[]>> answers(
      List<Scorable> batch, Champion champion, BatchTrace trace) {
    try {
      return predict(batch, champion, trace);
    } catch (ModelException e) {
      if (batch.size() == 1) {
        return List.of(deadLetter(batch.get(0).record(), e, champion.version().getName(), trace));
      }
      return batch.stream()
          .flatMap(one -> answers(List.of(one), champion, trace).stream())
          .toList();
    }
  }

  private List<ProducerRecord<String, byte[]>> predict(
      List<Scorable> batch, Champion champion, BatchTrace trace) {
    long start = System.nanoTime();
    float[] abnormal =
        champion.network().probabilities(batch.stream().map(Scorable::voxels).toList());
    double millis = (System.nanoTime() - start) / 1e6;
    Instant now = clock.instant();
    List<ProducerRecord<String, byte[]>> answers = new ArrayList<>();
    for (int i = 0; i < abnormal.length; i++) {
      ConsumerRecord<String, byte[]> record = batch.get(i).record();
      String scanId = record.key();
      Volume volume = batch.get(i).volume();
      Prediction prediction = prediction(volume, abnormal[i], champion, now, millis, batch.size());
      answers.add(answer(record, topics.predictions().record(scanId, prediction), trace));
      if (abnormal[i] >= alertThreshold) {
        answers.add(answer(record, topics.alerts().record(scanId, alert(prediction)), trace));
      }
    }
    return answers;
  }

  private Scorable scorable(ConsumerRecord<String, byte[]> record, ModelVersion model) {
    Volume volume = topics.volumes().value(record.value());
    VolumeRecords.kind(model)
        .requireFit(
            VolumeRecords.kind(volume),
            difference ->
                new IllegalArgumentException(
                    "%s: %s, expected %s as the model"
                        .formatted(difference.trait(), difference.found(), difference.expected())));
    return new Scorable(record, volume, VolumeRecords.voxels(volume));
  }

  private static Prediction prediction(
      Volume volume, double abnormal, Champion champion, Instant now, double millis, int size) {
    ModelVersion model = champion.version();
    List<String> warnings = new ArrayList<>(volume.getWarnings());
    warnings.addAll(champion.warnings());
    return Prediction.newBuilder()
        .setProbabilityAbnormal(abnormal)
        .setProbabilityNormal(1 - abnormal)
        .setFinding(Decision.isAbnormal(abnormal) ? Finding.ABNORMAL : Finding.NORMAL)
        .setModelName(model.getName())
        .setModelVersion(model.getVersion())
        .setModelSha256(model.getSha256())
        .setReceivedAt(volume.getReceivedAt())
        .setPreprocessedAt(volume.getPreprocessedAt())
        .setScoredAt(now)
        .setPreprocessMillis(volume.getPreprocessMillis())
        .setInferenceMillis(millis)
        .setBatchSize(size)
        .setWarnings(warnings)
        .build();
  }

  private Alert alert(Prediction prediction) {
    return Alert.newBuilder()
        .setProbabilityAbnormal(prediction.getProbabilityAbnormal())
        .setThreshold(alertThreshold)
        .setModelName(prediction.getModelName())
        .setModelVersion(prediction.getModelVersion())
        .setReceivedAt(prediction.getReceivedAt())
        .setRaisedAt(prediction.getScoredAt())
        .setWarnings(prediction.getWarnings())
        .build();
  }

  private ProducerRecord<String, byte[]> deadLetter(
      ConsumerRecord<String, byte[]> record,
      RuntimeException failure,
      String model,
      BatchTrace trace) {
    trace.failed(record, failure);
    DeadLetter.Builder letter =
        Stage.SCORER
            .deadLetter(
                record.topic(),
                new RecordPlace(record.partition(), record.offset()),
                failure,
                clock.instant())
            .setModel(model);
    return answer(
        record,
        topics.deadLetters().record(record.key(), room.enclose(letter, record.value())),
        trace);
  }

  /** Adds the volume's retry header, its trace, its place and that of its scan. */
  private static ProducerRecord<String, byte[]> answer(
      ConsumerRecord<String, byte[]> volume,
      ProducerRecord<String, byte[]> answer,
      BatchTrace trace) {
    new RecordPlace(volume.partition(), volume.offset())
        .write(RecordPlace.VOLUME, answer.headers());
    RecordPlace.read(RecordPlace.SCAN, volume.headers())
        .ifPresent(scan -> scan.write(RecordPlace.SCAN, answer.headers()));
    RetryOf.handOn(volume.headers(), answer.headers());
    return trace.carriedOn(volume, answer);
  }
}
