package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.pneumostream.ingest.DirectIngest;
import org.pneumostream.ingest.Outcome;
import org.pneumostream.ingest.Provenance;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.runtime.Service;
import org.pneumostream.schemas.Alert;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.schemas.Volume;
import org.pneumostream.system.RunningSystem.Read;

/** Scans and labels: see {@link SystemBehaviour}. */
interface ScanBehaviour extends SystemUnderTest {
  @Test
  default void everyScanIsPredictedOnceAndAlertsFollowTheThreshold(TestInfo test) throws Exception {
    try (RunningSystem system = system(test, Map.of("alert-threshold", "0")).start()) {
      var champion = system.publishModel(1);
      Set<String> pushed = new HashSet<>();
      for (int seed = 0; seed < 5; seed++) {
        pushed.add(system.push(SmallPhantom.file(seed)));
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
  default void aFilePushedOverHttpAndByPublishGivesOnePrediction(TestInfo test) throws Exception {
    byte[] file = SmallPhantom.file(1);
    Path onDisk = Files.write(directory().resolve("scan.nii.gz"), file);
    try (RunningSystem system = system(test, Map.of("partitions", "1")).start()) {
      system.publishModel(1);
      String id = system.push(file);
      system.await(system.topics().predictions(), read -> read.size() == 1);

      HttpResponse<String> again = system.post("/scans", file);
      assertThat(again.statusCode()).isEqualTo(200);
      assertThat(again.body()).contains(id);
      try (DirectIngest ingest = DirectIngest.open(system.settings())) {
        assertThat(ingest.publish(ScanFile.of(onDisk), Provenance.of(ScanSource.COMMAND_LINE)))
            .isInstanceOf(Outcome.Accepted.class);
      }
      // There is one partition, so earlier records have been processed when a later one has.
      String last = system.push(SmallPhantom.file(2));
      List<Read<Prediction>> predictions =
          system.await(
              system.topics().predictions(), read -> RunningSystem.keys(read).contains(last));
      assertThat(system.now(system.topics().scans())).hasSize(3);
      assertThat(predictions).extracting(Read::key).containsExactly(id, last);
      assertThat(system.now(system.topics().volumes()))
          .extracting(Read::key)
          .containsExactly(id, last);
    }
  }

  @Test
  default void labelsBeforeAndAfterTheirScanGiveOneLabeledVolumeEach(TestInfo test)
      throws Exception {
    try (RunningSystem system = system(test, Map.of()).start()) {
      Path onDisk = Files.write(directory().resolve("early.nii.gz"), SmallPhantom.file(1));
      String early = ScanFile.of(onDisk).scanId();
      system.label(early, "abnormal");
      assertThat(system.push(SmallPhantom.file(1))).isEqualTo(early);
      String late = system.push(SmallPhantom.file(2));
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
  default void refusesWhatIsNotACompleteVolumeAndLeavesNoRecord(TestInfo test) throws Exception {
    byte[] good = SmallPhantom.file(1);
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
  default void malformedScansBecomeDeadLettersAndTheOthersAreProcessed(TestInfo test)
      throws Exception {
    try (RunningSystem system = system(test, Map.of("partitions", "1")).start();
        var producer = system.kafka().producer(Map.of())) {
      system.publishModel(1);
      String before = system.push(SmallPhantom.file(1));
      byte[] junk = "junk".getBytes(StandardCharsets.UTF_8);
      String scans = system.topics().scans().name();
      producer.send(new ProducerRecord<>(scans, "junk", junk)).get();
      ProducerRecord<String, byte[]> corrupt =
          system.topics().scans().record("corrupt", SmallPhantom.scan(junk));
      producer.send(corrupt).get();
      producer
          .send(new ProducerRecord<>(system.topics().volumes().name(), "no-volume", junk))
          .get();
      String after = system.push(SmallPhantom.file(2));

      system.await(
          system.topics().predictions(),
          read -> RunningSystem.keys(read).containsAll(Set.of(before, after)));
      List<Read<DeadLetter>> letters =
          system.await(
              system.topics().deadLetters(),
              read -> RunningSystem.keys(read).containsAll(Set.of("junk", "corrupt", "no-volume")));
      assertThat(content(letters, "junk", "preprocess-stream")).isEqualTo(junk);
      assertThat(content(letters, "corrupt", "preprocess-stream")).isEqualTo(corrupt.value());
      assertThat(content(letters, "no-volume", "scorer")).isEqualTo(junk);
    }
  }

  @Test
  default void aStopInTheMiddleOfScoringLosesAndRepeatsNothing(TestInfo test) throws Exception {
    int scans = 24;
    Set<String> pushed = new HashSet<>();
    // One volume at a time, so that the stop comes in the middle.
    Map<String, String> slowly = Map.of("score-batch-max", "1");
    try (RunningSystem system = system(test, slowly).start()) {
      for (int seed = 0; seed < scans; seed++) {
        pushed.add(system.push(SmallPhantom.file(seed)));
      }
      system.publishModel(1);
      system.await(system.topics().predictions(), read -> read.size() >= 3);
    }
    try (RunningSystem system = system(test, slowly).start()) {
      List<Read<Prediction>> predictions =
          system.await(
              system.topics().predictions(), read -> RunningSystem.keys(read).containsAll(pushed));
      String last = system.push(SmallPhantom.file(scans));
      predictions =
          system.await(
              system.topics().predictions(), read -> RunningSystem.keys(read).contains(last));
      pushed.add(last);
      assertThat(predictions).extracting(Read::key).containsExactlyInAnyOrderElementsOf(pushed);
    }
  }

  @Test
  default void scansTooLargeForARecordGoThroughTheScanStore(TestInfo test) throws Exception {
    try (RunningSystem system = system(test, Map.of("inline-max-bytes", "1 KiB")).start()) {
      String id = system.push(SmallPhantom.file(1));

      List<Read<Volume>> volumes = system.await(system.topics().volumes(), read -> !read.isEmpty());
      assertThat(volumes).extracting(Read::key).containsExactly(id);
      Scan scan = system.now(system.topics().scans()).get(0).value();
      assertThat(scan.getContent()).isNull();
      assertThat(Path.of(URI.create(scan.getReference().getUri())))
          .hasSize(scan.getReference().getLength());
    }
  }

  @Test
  default void everyServiceServesHealthAndMetrics(TestInfo test) throws Exception {
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

  private static byte[] content(List<Read<DeadLetter>> letters, String key, String stage) {
    List<Read<DeadLetter>> found =
        letters.stream()
            .filter(letter -> letter.key().equals(key))
            .filter(letter -> letter.value().getStage().equals(stage))
            .toList();
    assertThat(found).as(key).hasSize(1);
    return found.get(0).value().getContent().array();
  }

  /** A little-endian NIfTI-1 file of int16 zeros with these dimensions. */
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
