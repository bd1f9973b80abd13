package org.pneumostream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.ingest.CommandLineDoor;
import org.pneumostream.ingest.Provenance;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.phantom.Phantom;
import org.pneumostream.phantom.PhantomFinding;
import org.pneumostream.phantom.PhantomSize;
import org.pneumostream.schemas.Alert;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.schemas.Volume;
import org.pneumostream.service.Service;
import org.pneumostream.standalone.RunningSystem.Read;
import org.pneumostream.trainer.ModelImport;
import org.pneumostream.trainer.Publication;
import org.pneumostream.trainer.Rerun;
import org.pneumostream.trainer.TrainingListener;

/**
 * What the system promises whoever uses it, on whatever Kafka and registry it runs. Each test has
 * topics of its own.
 */
abstract class SystemBehaviour {
  private static final PhantomSize SIZE = new PhantomSize(64, 64, 32);

  @TempDir Path directory;

  abstract String bootstrapServers();

  abstract String registryUrl();

  private RunningSystem system(TestInfo test, Map<String, String> more) {
    String prefix = test.getTestMethod().orElseThrow().getName() + ".";
    return new RunningSystem(bootstrapServers(), registryUrl(), prefix, directory, more);
  }

  @Test
  void everyScanIsPredictedOnceWithTheChampionAndAlertsFollowTheThreshold(TestInfo test)
      throws Exception {
    try (RunningSystem system = system(test, Map.of("alert-threshold", "0")).start()) {
      var champion = system.publishModel(1);
      Set<String> pushed = new HashSet<>();
      for (int seed = 0; seed < 5; seed++) {
        pushed.add(system.push(phantom(seed)));
      }

      var predictions =
          system.await(system.topics().predictions(), read -> read.size() >= pushed.size());
      assertThat(predictions).extracting(Read::key).containsExactlyInAnyOrderElementsOf(pushed);
      for (Read<Prediction> prediction : predictions) {
        assertThat(prediction.value().getModelVersion()).isEqualTo("1");
        assertThat(prediction.value().getModelSha256()).isEqualTo(champion.getSha256());
        assertThat(prediction.value().getProbabilityAbnormal()).isBetween(0.0, 1.0);
        assertThat(prediction.value().getScoredAt())
            .isAfterOrEqualTo(prediction.value().getPreprocessedAt());
      }
      List<Read<Alert>> alerts =
          system.await(system.topics().alerts(), read -> read.size() >= pushed.size());
      assertThat(alerts).extracting(Read::key).containsExactlyInAnyOrderElementsOf(pushed);
    }
  }

  @Test
  void theSameFilePushedTwiceOverHttpAndByPublishGivesOneVolumeAndOnePrediction(TestInfo test)
      throws Exception {
    byte[] file = phantom(1);
    Path onDisk = Files.write(directory.resolve("scan.nii.gz"), file);
    try (RunningSystem system = system(test, Map.of("partitions", "1")).start()) {
      system.publishModel(1);
      String id = system.push(file);
      system.await(system.topics().predictions(), read -> read.size() == 1);

      HttpResponse<String> again = system.post("/scans", file);
      assertThat(again.statusCode()).isEqualTo(200);
      assertThat(again.body()).contains(id);
      try (CommandLineDoor door = CommandLineDoor.open(system.settings())) {
        door.publish(ScanFile.of(onDisk), Provenance.of(ScanSource.COMMAND_LINE));
      }
      // There is one partition: once what came later is through, so is what came before.
      String last = system.push(phantom(2));
      List<Read<Prediction>> predictions =
          system.await(system.topics().predictions(), read -> keys(read).contains(last));
      assertThat(system.now(system.topics().scans())).hasSize(3);
      assertThat(predictions).extracting(Read::key).containsExactly(id, last);
      assertThat(system.now(system.topics().volumes()))
          .extracting(Read::key)
          .containsExactly(id, last);
    }
  }

  @Test
  void aLabelBeforeItsScanAndOneAfterGiveOneLabeledVolumeEach(TestInfo test) throws Exception {
    try (RunningSystem system = system(test, Map.of()).start()) {
      Path onDisk = Files.write(directory.resolve("early.nii.gz"), phantom(1));
      String early = ScanFile.of(onDisk).scanId();
      system.label(early, "abnormal");
      assertThat(system.push(phantom(1))).isEqualTo(early);
      String late = system.push(phantom(2));
      system.await(system.topics().volumes(), read -> read.size() == 2);
      system.label(late, "normal");

      List<Read<LabeledVolume>> labeled =
          system.await(system.topics().labeledVolumes(), read -> read.size() >= 2);
      assertThat(labeled)
          .extracting(Read::key, read -> read.value().getLabel().getFinding())
          .containsExactlyInAnyOrder(tuple(early, Finding.ABNORMAL), tuple(late, Finding.NORMAL));
    }
  }

  @Test
  void whatIsNotOneWholeVolumeIsRefusedWithTheReasonAndLeavesNoRecord(TestInfo test)
      throws Exception {
    byte[] good = phantom(1);
    try (RunningSystem system = system(test, Map.of("max-scan-bytes", "1 MiB")).start()) {
      Map<String, byte[]> bad =
          Map.of(
              "text",
                  "this is no scan, but long enough for a header? "
                      .repeat(20)
                      .getBytes(StandardCharsets.UTF_8),
              "empty", new byte[0],
              "truncated", Arrays.copyOf(good, good.length / 2),
              "without its last byte", Arrays.copyOf(good, good.length - 1),
              "a negative dimension", nifti(3, -4, 4, 4),
              "four dimensions", nifti(4, 4, 4, 4, 2),
              "zeros", new byte[4096]);
      for (Map.Entry<String, byte[]> push : bad.entrySet()) {
        HttpResponse<String> response = system.post("/scans", push.getValue());
        assertThat(response.statusCode()).as(push.getKey()).isEqualTo(400);
        assertThat(response.body()).as(push.getKey()).contains("error");
      }
      HttpResponse<String> large = system.post("/scans", new byte[2 << 20]);
      assertThat(large.statusCode()).isEqualTo(413);
      assertThat(large.body()).contains("max-scan-bytes");

      String id = system.push(good);
      List<Read<Scan>> scans = system.await(system.topics().scans(), read -> !read.isEmpty());
      assertThat(scans).extracting(Read::key).containsExactly(id);
    }
  }

  @Test
  void recordsThatAreNoScansLandOnDeadLettersAndTheGoodOnesAroundThemAreProcessed(TestInfo test)
      throws Exception {
    try (RunningSystem system = system(test, Map.of("partitions", "1")).start();
        var producer = system.kafka().producer(Map.of())) {
      system.publishModel(1);
      String before = system.push(phantom(1));
      byte[] junk = "junk".getBytes(StandardCharsets.UTF_8);
      String scans = system.topics().scans().name();
      producer.send(new ProducerRecord<>(scans, "junk", junk)).get();
      Scan noScan =
          Scan.newBuilder()
              .setReceivedAt(Instant.now())
              .setSource(ScanSource.UNKNOWN)
              .setContent(ByteBuffer.wrap(junk))
              .build();
      ProducerRecord<String, byte[]> corrupt = system.topics().scans().record("corrupt", noScan);
      producer.send(corrupt).get();
      producer
          .send(new ProducerRecord<>(system.topics().volumes().name(), "no-volume", junk))
          .get();
      String after = system.push(phantom(2));

      system.await(
          system.topics().predictions(), read -> keys(read).containsAll(Set.of(before, after)));
      List<Read<DeadLetter>> letters =
          system.await(
              system.topics().deadLetters(),
              read -> keys(read).containsAll(Set.of("junk", "corrupt", "no-volume")));
      assertThat(content(letters, "junk", "preprocess-stream")).isEqualTo(junk);
      assertThat(content(letters, "corrupt", "preprocess-stream")).isEqualTo(corrupt.value());
      assertThat(content(letters, "no-volume", "scorer")).isEqualTo(junk);
    }
  }

  @Test
  void aStopInTheMiddleOfScoringLosesAndRepeatsNothing(TestInfo test) throws Exception {
    int scans = 24;
    Set<String> pushed = new HashSet<>();
    // One volume at a time, so that there is a middle.
    Map<String, String> slowly = Map.of("score-batch-max", "1");
    try (RunningSystem system = system(test, slowly).start()) {
      for (int seed = 0; seed < scans; seed++) {
        pushed.add(system.push(phantom(seed)));
      }
      system.publishModel(1);
      system.await(system.topics().predictions(), read -> read.size() >= 3);
    }
    try (RunningSystem system = system(test, slowly).start()) {
      List<Read<Prediction>> predictions =
          system.await(system.topics().predictions(), read -> keys(read).containsAll(pushed));
      String last = system.push(phantom(scans));
      predictions = system.await(system.topics().predictions(), read -> keys(read).contains(last));
      pushed.add(last);
      assertThat(predictions).extracting(Read::key).containsExactlyInAnyOrderElementsOf(pushed);
    }
  }

  @Test
  void scansTooLargeForARecordTravelThroughTheScanStore(TestInfo test) throws Exception {
    try (RunningSystem system = system(test, Map.of("inline-max-bytes", "1 KiB")).start()) {
      String id = system.push(phantom(1));

      List<Read<Volume>> volumes = system.await(system.topics().volumes(), read -> !read.isEmpty());
      assertThat(volumes).extracting(Read::key).containsExactly(id);
      Scan scan = system.now(system.topics().scans()).get(0).value();
      assertThat(scan.getContent()).isNull();
      assertThat(scan.getReference().getLength()).isEqualTo(phantom(1).length);
    }
  }

  @Test
  void theTrainerTrainsAChampionAndTheScorerTakesUpTheNextOne(TestInfo test) throws Exception {
    Map<String, String> quick =
        Map.of(
            "train-epochs", "2",
            "train-min-scans-per-class", "1",
            "min-new-labels", "16",
            "train-augment", "false");
    try (RunningSystem system = system(test, quick).start()) {
      Service scorer = system.services().get(0);
      assertThat(system.get(scorer, "/health/ready").statusCode()).isEqualTo(503);
      for (int seed = 0; seed < 16; seed++) {
        String finding = seed % 2 == 0 ? "normal" : "abnormal";
        HttpResponse<String> pushed = system.post("/scans?label=" + finding, phantom(seed));
        assertThat(pushed.statusCode()).isEqualTo(202);
      }

      // Started by the sixteenth label.
      system.await(
          system.topics().modelEvents(),
          read -> read.stream().anyMatch(e -> e.value().getType() == ModelEventType.PROMOTED));
      var predictions =
          system.await(system.topics().predictions(), read -> keys(read).size() == 16);
      assertThat(predictions).hasSize(16);
      assertThat(predictions)
          .allSatisfy(read -> assertThat(read.value().getModelVersion()).isEqualTo("1"));
      assertThat(system.get(scorer, "/health/ready").statusCode()).isEqualTo(200);
      assertThat(system.now(system.topics().trainingEpochs()))
          .extracting(read -> read.value().getEpoch())
          .startsWith(1, 2);

      Path spool = directory.resolve("again");
      Rerun again =
          Rerun.of(system.kafka(), "pneumonia", "1", spool, TrainingListener.NONE, () -> false);
      assertThat(again.weights().hash()).isEqualTo(again.version().getSha256());
      assertThat(again.isSame()).isTrue();

      String second = system.publishModel(7).getVersion();
      system.models().promote(second, "test");
      Optional<Prediction> taken = Optional.empty();
      for (int seed = 100; taken.isEmpty(); seed++) {
        String id = system.push(phantom(seed));
        taken =
            system.await(system.topics().predictions(), read -> keys(read).contains(id)).stream()
                .map(Read::value)
                .filter(prediction -> prediction.getModelVersion().equals(second))
                .findFirst();
      }
      assertThat(taken).isPresent();
      var all = system.now(system.topics().predictions());
      assertThat(all).extracting(Read::key).doesNotHaveDuplicates();
    }
  }

  @Test
  void aModelFromElsewhereMeetsTheSameGate(TestInfo test) throws Exception {
    Map<String, String> half =
        Map.of("train-validation-fraction", "0.5", "holdout-fraction", "0.2");
    ModelWeights file =
        ModelWeights.initial(5).withMetadata(Map.of("input_shape", "48x48x48", "source", "test"));
    try (RunningSystem system = system(test, half).start()) {
      Publication first = importModel(system, file);
      assertThat(first.contest().decision().reason()).isEqualTo("there was no champion");
      Publication unlabeled = importModel(system, file);
      assertThat(unlabeled.summary())
          .isEqualTo(
              "version 2 rejected: no validation scan is new to both candidate and champion;"
                  + " the champion stays");

      for (int seed = 0; seed < 12; seed++) {
        String finding = seed % 2 == 0 ? "normal" : "abnormal";
        assertThat(system.post("/scans?label=" + finding, phantom(seed)).statusCode())
            .isEqualTo(202);
      }
      system.await(system.topics().labeledVolumes(), read -> keys(read).size() == 12);
      Publication equal = importModel(system, file);
      assertThat(equal.isPromoted()).isFalse();
      assertThat(equal.contest().decision().reason())
          .matches("auroc .* only equals the champion's .* on the same \\d validation scans .*");
      assertThat(equal.version().getMetrics().getScans()).isPositive();
      assertThat(equal.version().getLineage().getRunId()).startsWith("import-");
      var events = system.now(system.topics().modelEvents());
      assertThat(events)
          .extracting(read -> read.value().getType())
          .containsExactly(
              ModelEventType.IMPORTED,
              ModelEventType.PROMOTED,
              ModelEventType.IMPORTED,
              ModelEventType.REJECTED,
              ModelEventType.IMPORTED,
              ModelEventType.REJECTED);

      ModelWeights other = file.withMetadata(Map.of("input_shape", "64x64x48"));
      assertThatThrownBy(() -> importModel(system, other))
          .isInstanceOf(ModelException.class)
          .hasMessage("input shape of the model: 64x64x48, expected 48x48x48 as the settings say");
    }
  }

  private static Publication importModel(RunningSystem system, ModelWeights file) {
    return ModelImport.run(system.settings(), file, TrainingListener.NONE, () -> false);
  }

  @Test
  void everyServiceAnswersForItsHealthAndMetrics(TestInfo test) throws Exception {
    try (RunningSystem system = system(test, Map.of()).start()) {
      for (Service service : system.services()) {
        assertThat(system.get(service, "/health/live").statusCode()).isEqualTo(200);
        assertThat(system.get(service, "/metrics").body())
            .contains("service=\"" + service.name() + "\"")
            .contains("jvm_memory_used_bytes");
      }
      assertThat(system.services())
          .extracting(Service::name)
          .containsExactly("scorer", "trainer", "preprocess-stream", "ingest");
    }
  }

  private static Set<String> keys(List<? extends Read<?>> records) {
    Set<String> keys = new HashSet<>();
    records.forEach(record -> keys.add(record.key()));
    return keys;
  }

  private static byte[] content(List<Read<DeadLetter>> letters, String key, String stage) {
    List<Read<DeadLetter>> found =
        letters.stream()
            .filter(letter -> letter.key().equals(key))
            .filter(letter -> letter.value().getStage().equals(stage))
            .toList();
    assertThat(found).as(key).hasSize(1);
    return found.get(0).value().getContent().array();
  }

  /** A small synthetic scan, every second one abnormal, as .nii.gz. */
  static byte[] phantom(long seed) throws IOException {
    PhantomFinding finding = seed % 2 == 0 ? PhantomFinding.NORMAL : PhantomFinding.ABNORMAL;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      Phantom.generate(seed, finding, SIZE).writeTo(gzip);
    }
    return bytes.toByteArray();
  }

  /** A little-endian NIfTI-1 file of int16 zeros whose header has these dimensions. */
  private static byte[] nifti(int... dim) {
    List<Integer> sizes = new ArrayList<>();
    Stream.of(dim).flatMapToInt(Arrays::stream).forEach(sizes::add);
    ByteBuffer file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0, 348);
    for (int i = 0; i < 8; i++) {
      file.putShort(40 + 2 * i, (short) (i < sizes.size() ? sizes.get(i) : 1));
    }
    file.putShort(70, (short) 4).putShort(72, (short) 16).putFloat(108, 352);
    file.put(344, "n+1\0".getBytes(StandardCharsets.US_ASCII));
    return file.array();
  }
}
