package org.pneumostream.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.Precision;
import org.pneumostream.runtime.LetterRoom;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.schemas.Alert;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.RetryOf;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Volume;
import org.pneumostream.schemas.VolumeShape;

class BatchScorerTest {
  private static final int LETTER_BYTES = 1_000_000;

  private static Champion champion;

  private final ScorerFixture fixture = new ScorerFixture();

  @BeforeAll
  static void load() {
    champion = Champion.load(ScorerFixture.model("3", 1), ScorerFixture.SHAPE, Precision.FULL);
  }

  @AfterAll
  static void free() {
    champion.close();
  }

  @Test
  void predictsEachVolumeWithModelTimesAndWarnings() {
    var answers = score(0.0, fixture.record(0, "a", volume(1)), fixture.record(1, "b", volume(2)));

    assertThat(keys(answers, fixture.topics.predictions())).containsExactly("a", "b");
    Prediction prediction = values(answers, fixture.topics.predictions()).get(0);
    assertThat(prediction.getProbabilityAbnormal()).isBetween(0.0, 1.0);
    assertThat(prediction.getProbabilityNormal())
        .isCloseTo(1 - prediction.getProbabilityAbnormal(), within(1e-12));
    assertThat(prediction.getFinding())
        .isEqualTo(prediction.getProbabilityAbnormal() >= 0.5 ? Finding.ABNORMAL : Finding.NORMAL);
    assertThat(prediction.getModelName()).isEqualTo("pneumonia");
    assertThat(prediction.getModelVersion()).isEqualTo("3");
    assertThat(prediction.getModelSha256()).isEqualTo(champion.version().getSha256());
    assertThat(prediction.getReceivedAt()).isEqualTo(ScorerFixture.RECEIVED);
    assertThat(prediction.getScoredAt()).isEqualTo(ScorerFixture.NOW);
    assertThat(prediction.getBatchSize()).isEqualTo(2);
    assertThat(prediction.getWarnings())
        .containsExactly(
            "number of slices is 4, expected at least 10", "model trained on synthetic scans");
  }

  @Test
  void aVolumeHasTheSameProbabilityAloneAndInABatch() {
    double alone =
        values(score(1, fixture.record(0, "a", volume(1))), fixture.topics.predictions())
            .get(0)
            .getProbabilityAbnormal();
    double together =
        values(
                score(1, fixture.record(0, "b", volume(2)), fixture.record(1, "a", volume(1))),
                fixture.topics.predictions())
            .get(1)
            .getProbabilityAbnormal();

    assertThat(together).isCloseTo(alone, within(1e-6));
  }

  @Test
  void raisesAnAlertFromTheThreshold() {
    ConsumerRecord<String, byte[]> record = fixture.record(0, "a", volume(1));
    double probability =
        values(score(1, record), fixture.topics.predictions()).get(0).getProbabilityAbnormal();

    List<Alert> alerts = values(score(probability, record), fixture.topics.alerts());
    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).getThreshold()).isEqualTo(probability);
    assertThat(values(score(Math.nextUp(probability), record), fixture.topics.alerts())).isEmpty();
  }

  @Test
  void aTombstoneIsPassedOnAndScoresNothing() {
    var answers = score(0, fixture.record(0, "a", null));

    assertThat(answers)
        .extracting(ProducerRecord::topic, ProducerRecord::key, ProducerRecord::value)
        .containsExactly(
            tuple("predictions", "a", null),
            tuple("alerts", "a", null),
            tuple("dead-letters", "a", null));
  }

  @Test
  void aVolumeBeforeATombstoneIsNotScoredButOneAfterItIs() {
    ConsumerRecord<String, byte[]> junk =
        new ConsumerRecord<>("volumes", 0, 1, "a", new byte[] {1, 2});

    var answers =
        score(
            1,
            fixture.record(0, "a", volume(1)),
            junk,
            fixture.record(2, "b", volume(2)),
            fixture.record(3, "a", null),
            fixture.record(4, "a", volume(1)));

    assertThat(answers.stream().filter(answer -> answer.topic().equals("predictions")))
        .extracting(ProducerRecord::key, answer -> answer.value() == null)
        .containsExactly(tuple("a", true), tuple("b", false), tuple("a", false));
    assertThat(answers.stream().filter(answer -> answer.topic().equals("dead-letters")))
        .extracting(ProducerRecord::value)
        .containsOnlyNulls()
        .hasSize(1);
  }

  @Test
  void aRetryForAnotherModelIsNotScored() {
    ConsumerRecord<String, byte[]> ours = fixture.record(0, "a", volume(1));
    ours.headers().add(RetryOf.ONLY_FOR_MODEL, "pneumonia".getBytes(StandardCharsets.UTF_8));
    ConsumerRecord<String, byte[]> theirs = fixture.record(1, "b", volume(1));
    theirs.headers().add(RetryOf.ONLY_FOR_MODEL, "tuberculosis".getBytes(StandardCharsets.UTF_8));

    assertThat(score(1, ours, theirs)).extracting(ProducerRecord::key).containsExactly("a");
  }

  @Test
  void aBadVolumeBecomesADeadLetterAndTheOthersAreScored() {
    Volume otherShape = Volume.newBuilder(volume(1)).setShape(new VolumeShape(46, 46, 46)).build();
    Volume otherVersion = Volume.newBuilder(volume(1)).setPreprocessingVersion(2).build();
    Volume otherWayRound = Volume.newBuilder(volume(1)).setOrientationPolicy("as-stored").build();
    Volume cutOff = Volume.newBuilder(volume(1)).setVoxels(ByteBuffer.allocate(10)).build();
    ConsumerRecord<String, byte[]> junk =
        new ConsumerRecord<>("volumes", 0, 7, "junk", new byte[] {1, 2});

    var answers =
        score(
            1,
            fixture.record(4, "shape", otherShape),
            fixture.record(5, "version", otherVersion),
            fixture.record(6, "orientation", otherWayRound),
            fixture.record(6, "length", cutOff),
            junk,
            fixture.record(8, "good", volume(1)));

    assertThat(keys(answers, fixture.topics.predictions())).containsExactly("good");
    assertThat(keys(answers, fixture.topics.deadLetters()))
        .containsExactly("shape", "version", "orientation", "length", "junk");
    List<DeadLetter> letters = values(answers, fixture.topics.deadLetters());
    assertThat(letters)
        .extracting(DeadLetter::getReason)
        .satisfiesExactly(
            reason ->
                assertThat(reason).isEqualTo("shape: 46x46x46, expected 48x48x48 as the model"),
            reason ->
                assertThat(reason).isEqualTo("preprocessing version: 2, expected 1 as the model"),
            reason ->
                assertThat(reason)
                    .isEqualTo("orientation: as-stored, expected canonical as the model"),
            reason -> assertThat(reason).isEqualTo("voxels: 10 bytes, expected 221184"),
            reason -> assertThat(reason).contains("not the Confluent wire format"));
    assertThat(letters.get(4).getContent()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    assertThat(letters.get(4).getOffset()).isEqualTo(7);
    assertThat(letters).extracting(DeadLetter::getStage).containsOnly("scorer");
    assertThat(letters).extracting(DeadLetter::getModel).containsOnly("pneumonia");
  }

  @Test
  void contentTooLargeForADeadLetterStaysOnItsTopic() {
    byte[] junk = new byte[LETTER_BYTES + 1];
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>(fixture.topics.volumes().name(), 0, 7, "junk", junk);

    List<DeadLetter> letters = values(score(1, record), fixture.topics.deadLetters());

    assertThat(letters).hasSize(1);
    assertThat(letters.get(0).getContent()).isNull();
    assertThat(letters.get(0).getReason())
        .endsWith(
            "; content of 1000001 bytes stays at %s-0@7, since dead-letters takes at most 1000000"
                .formatted(fixture.topics.volumes().name()));
  }

  @Test
  void answersNameTheirVolumeAndItsScan() {
    ConsumerRecord<String, byte[]> good = fixture.record(4, "good", volume(1));
    new RecordPlace(3, 1234).write(RecordPlace.SCAN, good.headers());
    ConsumerRecord<String, byte[]> junk =
        new ConsumerRecord<>("volumes", 0, 7, "junk", new byte[] {1, 2});
    new RecordPlace(3, 1235).write(RecordPlace.SCAN, junk.headers());

    assertThat(score(1, good, junk))
        .isNotEmpty()
        .allSatisfy(
            answer -> {
              boolean isGood = answer.key().equals("good");
              assertThat(RecordPlace.read(RecordPlace.VOLUME, answer.headers()))
                  .contains(new RecordPlace(0, isGood ? 4 : 7));
              assertThat(RecordPlace.read(RecordPlace.SCAN, answer.headers()))
                  .contains(new RecordPlace(3, isGood ? 1234 : 1235));
            });
  }

  @Test
  void answersCarryTheRetryHeaderOfTheirVolume() {
    ConsumerRecord<String, byte[]> good = fixture.record(4, "good", volume(1));
    RetryOf.letters(List.of(12L)).write(good.headers());
    ConsumerRecord<String, byte[]> junk =
        new ConsumerRecord<>("volumes", 0, 7, "junk", new byte[] {1, 2});
    RetryOf.letters(List.of(12L)).write(junk.headers());

    assertThat(score(0, good, junk, fixture.record(8, "first", volume(1))))
        .extracting(ProducerRecord::key, answer -> RetryOf.read(answer.headers()).letters())
        .containsExactlyInAnyOrder(
            tuple("good", Set.of(12L)), // a prediction
            tuple("good", Set.of(12L)), // an alert
            tuple("junk", Set.of(12L)),
            tuple("first", Set.of()),
            tuple("first", Set.of()));
  }

  @Test
  void refusesAModelThatDoesNotMatchItsRecord() {
    ModelVersion model = ScorerFixture.model("1", 1);

    assertRefused(
        ModelVersion.newBuilder(model).setSha256("0".repeat(64)).build(),
        "sha256: '" + model.getSha256() + "', expected '000");
    assertRefused(ModelVersion.newBuilder(model).setWeights(null).build(), "weights are missing");
    assertRefused(
        ModelVersion.newBuilder(model).setArchitecture("other").build(), "architecture: 'other'");
    assertRefused(
        ModelVersion.newBuilder(model).setInputShape(new VolumeShape(128, 128, 64)).build(),
        "input shape: '128x128x64', expected '48x48x48'");
    assertRefused(
        ModelVersion.newBuilder(model).setInputShape(new VolumeShape(0, 9, 4096)).build(),
        "input shape: '0x9x4096', expected '48x48x48'");
  }

  private static void assertRefused(ModelVersion model, String message) {
    assertThatThrownBy(() -> Champion.load(model, ScorerFixture.SHAPE, Precision.FULL))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(message);
  }

  @SafeVarargs
  private List<ProducerRecord<String, byte[]>> score(
      double alertThreshold, ConsumerRecord<String, byte[]>... records) {
    BatchScorer scorer =
        new BatchScorer(
            fixture.topics,
            alertThreshold,
            new LetterRoom(LETTER_BYTES),
            InstantSource.fixed(ScorerFixture.NOW));
    try (BatchTrace trace = BatchTrace.start(Tracing.off(), List.of(records))) {
      return scorer.score(List.of(records), champion, trace);
    }
  }

  private static Volume volume(long seed) {
    return ScorerFixture.volume(seed);
  }

  private static List<String> keys(List<ProducerRecord<String, byte[]>> answers, Topic<?> topic) {
    return answers.stream()
        .filter(answer -> answer.topic().equals(topic.name()))
        .map(ProducerRecord::key)
        .toList();
  }

  private static <V extends SpecificRecord> List<V> values(
      List<ProducerRecord<String, byte[]>> answers, Topic<V> topic) {
    return answers.stream()
        .filter(answer -> answer.topic().equals(topic.name()))
        .map(answer -> topic.value(answer.value()))
        .toList();
  }
}
