package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.Reference;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.Topics;
import org.pneumostream.schemas.Volume;
import org.pneumostream.service.ScanStore;

/** The real topology, driven without a broker. */
class PreprocessTopologyTest {
  private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:06Z");
  private static final String SCAN_ID = "0f".repeat(32);
  private static final Preprocessing PREPROCESSING =
      new Preprocessing(new VolumeShape(8, 8, 4), OrientationPolicy.CANONICAL);

  @TempDir Path directory;

  private Topics topics;
  private ScanStore store;
  private TopologyTestDriver driver;
  private TestInputTopic<String, byte[]> scans;
  private TestInputTopic<String, byte[]> labels;
  private TestOutputTopic<String, Volume> volumes;
  private TestOutputTopic<String, LabeledVolume> labeledVolumes;
  private TestOutputTopic<String, DeadLetter> deadLetters;

  @BeforeEach
  void start() {
    KafkaConnection kafka =
        new KafkaConnection(
            "unused:1",
            Registry.inMemory(),
            new TopicSettings("", 2, (short) 1, 16 << 20),
            Map.of());
    topics = kafka.topics();
    store = new ScanStore(directory.resolve("scan-store"));
    PreprocessConfig config =
        new PreprocessConfig(
            PREPROCESSING, 1, directory.resolve("state"), store, ReadLimits.DEFAULT, 0);
    Properties properties = PreprocessService.properties(kafka, config);
    // The driver forgets what a failed deserialization sent in a transaction still open.
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    driver =
        new TopologyTestDriver(
            new PreprocessTopology(topics, config, InstantSource.fixed(NOW)).get(), properties);
    scans = input(topics.scans());
    labels = input(topics.labels());
    volumes = output(topics.volumes());
    labeledVolumes = output(topics.labeledVolumes());
    deadLetters = output(topics.deadLetters());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void makesTheVolumeThatPreprocessingMakes() throws IOException {
    push("a", scan(file(1)));

    Volume volume = volumes.readValue();
    assertThat(volume.getVoxels()).isEqualTo(ByteBuffer.wrap(preprocessed(file(1))));
    assertThat(volume.getShape()).isEqualTo(new org.pneumostream.schemas.VolumeShape(8, 8, 4));
    assertThat(volume.getPreprocessingVersion()).isEqualTo(1);
    assertThat(volume.getGeometry().getDims()).containsExactly(6, 5, 3);
    assertThat(volume.getReceivedAt()).isEqualTo(RECEIVED);
    assertThat(volume.getPreprocessedAt()).isEqualTo(NOW);
    assertThat(volume.getStudyKey()).isEqualTo("study-1");
  }

  @Test
  void aScanSeenBeforeYieldsNoSecondVolume() throws IOException {
    push("a", scan(file(1)));
    push("a", scan(file(1)));
    push("b", scan(file(2)));

    assertThat(volumes.readKeyValuesToList()).extracting(kv -> kv.key).containsExactly("a", "b");
  }

  @Test
  void readsAScanFromTheStore() throws IOException {
    Reference reference = store.put(SCAN_ID, new ByteArrayInputStream(file(1)));
    push("a", builder().setReference(reference).build());

    assertThat(volumes.readValue().getVoxels()).isEqualTo(ByteBuffer.wrap(preprocessed(file(1))));
  }

  @Test
  void labelsAVolumeWhicheverComesFirst() throws IOException {
    label("early", Finding.ABNORMAL);
    push("early", scan(file(1)));
    push("late", scan(file(2)));
    label("late", Finding.NORMAL);
    label("never-scanned", Finding.NORMAL);
    push("never-labeled", scan(file(3)));

    assertThat(labeledVolumes.readKeyValuesToMap())
        .hasSize(2)
        .hasEntrySatisfying(
            "early", v -> assertThat(v.getLabel().getFinding()).isEqualTo(Finding.ABNORMAL))
        .hasEntrySatisfying(
            "late", v -> assertThat(v.getLabel().getFinding()).isEqualTo(Finding.NORMAL));
  }

  @Test
  void aLabelBeforeTheScanAndOneAfterYieldOneLabeledVolumeEach() throws IOException {
    label("a", Finding.NORMAL);
    push("a", scan(file(1)));
    label("a", Finding.ABNORMAL);

    assertThat(labeledVolumes.readValuesToList())
        .extracting(v -> v.getLabel().getFinding())
        .containsExactly(Finding.NORMAL, Finding.ABNORMAL);
  }

  @Test
  void aFindingGivenWithThePushIsALabel() throws IOException {
    push("a", builder().setContent(ByteBuffer.wrap(file(1))).setFinding(Finding.ABNORMAL).build());

    assertThat(labeledVolumes.readValue().getLabel())
        .isEqualTo(new Label(Finding.ABNORMAL, "push", RECEIVED));
  }

  @Test
  void aFindingGivenWithASecondPushRelabels() throws IOException {
    push("a", scan(file(1)));
    push("a", builder().setContent(ByteBuffer.wrap(file(1))).setFinding(Finding.NORMAL).build());

    assertThat(volumes.readValuesToList()).hasSize(1);
    assertThat(labeledVolumes.readValue().getLabel().getFinding()).isEqualTo(Finding.NORMAL);
  }

  @Test
  void aScanTriedAgainDoesNotTakeBackWhatAReaderHasSaidSince() throws IOException {
    Reference reference = store.put(SCAN_ID, new ByteArrayInputStream(file(1)));
    Scan scan = builder().setReference(reference).setFinding(Finding.NORMAL).build();
    Files.delete(Path.of(URI.create(reference.getUri())));
    push("a", scan);
    assertThat(deadLetters.readValue().getReason()).contains("is gone");
    label("a", Finding.ABNORMAL);
    store.put(SCAN_ID, new ByteArrayInputStream(file(1)));
    push("a", scan);

    assertThat(labeledVolumes.readValuesToList())
        .extracting(v -> v.getLabel().getFinding())
        .containsExactly(Finding.ABNORMAL);
  }

  @Test
  void theFindingOfAScanTriedAgainIsItsLabelStill() throws IOException {
    Reference reference = store.put(SCAN_ID, new ByteArrayInputStream(file(1)));
    Scan scan = builder().setReference(reference).setFinding(Finding.NORMAL).build();
    Files.delete(Path.of(URI.create(reference.getUri())));
    push("a", scan);
    store.put(SCAN_ID, new ByteArrayInputStream(file(1)));
    push("a", scan);

    assertThat(labeledVolumes.readValue().getLabel())
        .isEqualTo(new Label(Finding.NORMAL, "push", RECEIVED));
  }

  @Test
  void aTombstonedLabelTakesTheExampleOutOfTheTrainingSet() throws IOException {
    push("a", scan(file(1)));
    label("a", Finding.NORMAL);
    labels.pipeInput("a", null);

    assertThat(labeledVolumes.readKeyValuesToList())
        .extracting(kv -> kv.value == null)
        .containsExactly(false, true);
  }

  @Test
  void whatIsNoScanBecomesADeadLetterAndTheNextScanIsProcessed() throws IOException {
    byte[] text = "this is no scan".getBytes(StandardCharsets.UTF_8);
    push("bad", scan(text));
    push("good", scan(file(1)));

    assertThat(volumes.readKeyValuesToList()).extracting(kv -> kv.key).containsExactly("good");
    var letter = deadLetters.readKeyValue();
    assertThat(letter.key).isEqualTo("bad");
    assertThat(letter.value.getStage()).isEqualTo("preprocess-stream");
    assertThat(letter.value.getTopic()).isEqualTo("scans");
    assertThat(letter.value.getOffset()).isZero();
    assertThat(letter.value.getError()).isEqualTo("NiftiException");
    assertThat(topics.scans().value(letter.value.getContent().array())).isEqualTo(scan(text));
  }

  @Test
  void aFailedScanCanBePushedAgain() throws IOException {
    Reference reference = store.put(SCAN_ID, new ByteArrayInputStream(file(1)));
    Path object = Path.of(URI.create(reference.getUri()));
    Scan scan = builder().setReference(reference).build();
    Files.delete(object);
    push("a", scan);
    store.put(SCAN_ID, new ByteArrayInputStream(file(1)));
    push("a", scan);

    DeadLetter letter = deadLetters.readValue();
    assertThat(letter.getReason()).contains("is gone");
    assertThat(letter.getReference()).isEqualTo(reference);
    assertThat(volumes.readValuesToList()).hasSize(1);
  }

  @Test
  void bytesThatAreNoRecordBecomeADeadLetterWithTheseBytes() throws IOException {
    byte[] junk = {1, 2, 3};
    scans.pipeInput("junk", junk);
    push("good", scan(file(1)));

    assertThat(deadLetters.readValue().getContent()).isEqualTo(ByteBuffer.wrap(junk));
    assertThat(volumes.readKeyValuesToList()).extracting(kv -> kv.key).containsExactly("good");
  }

  @Test
  void aTombstoneOnScansFollowsAllThatWasMadeOfTheScan() throws IOException {
    push("a", builder().setContent(ByteBuffer.wrap(file(1))).setFinding(Finding.NORMAL).build());
    push("b", scan(file(2)));
    scans.pipeInput("a", null);

    assertThat(volumes.readKeyValuesToList())
        .extracting(kv -> kv.key, kv -> kv.value == null)
        .containsExactly(tuple("a", false), tuple("b", false), tuple("a", true));
    assertThat(output(topics.labels()).readKeyValuesToList())
        .extracting(kv -> kv.key, kv -> kv.value == null)
        .containsExactly(tuple("a", false), tuple("a", true));
    assertThat(labeledVolumes.readKeyValuesToList())
        .extracting(kv -> kv.key, kv -> kv.value == null)
        .containsExactly(tuple("a", false), tuple("a", true));
    assertThat(deadLetters.readKeyValuesToList())
        .extracting(kv -> kv.key, kv -> kv.value == null)
        .containsExactly(tuple("a", true));
  }

  @Test
  void anErasedScanThatIsPushedAgainIsProcessedAnew() throws IOException {
    push("a", scan(file(1)));
    scans.pipeInput("a", null);
    push("a", scan(file(1)));
    push("a", scan(file(1)));

    assertThat(volumes.readKeyValuesToList())
        .extracting(kv -> kv.value == null)
        .containsExactly(false, true, false);
  }

  @Test
  void aTombstonedVolumeTakesTheExampleOutOfTheTrainingSet() throws IOException {
    push("a", scan(file(1)));
    label("a", Finding.NORMAL);
    driver
        .createInputTopic(
            topics.volumes().name(), new StringSerializer(), new ByteArraySerializer())
        .pipeInput("a", null);
    label("a", Finding.ABNORMAL);

    assertThat(labeledVolumes.readKeyValuesToList())
        .extracting(kv -> kv.value == null)
        .containsExactly(false, true);
  }

  private void push(String id, Scan scan) {
    scans.pipeInput(id, topics.scans().record(id, scan).value());
  }

  private void label(String id, Finding finding) {
    labels.pipeInput(
        id, topics.labels().record(id, new Label(finding, "reader-1", RECEIVED)).value());
  }

  private static Scan scan(byte[] content) {
    return builder().setContent(ByteBuffer.wrap(content)).build();
  }

  private static Scan.Builder builder() {
    return Scan.newBuilder()
        .setReceivedAt(RECEIVED)
        .setSource(ScanSource.HTTP)
        .setStudyKey("study-1");
  }

  /** A small scan whose voxels follow from the seed. */
  private static byte[] file(int seed) throws IOException {
    short[] voxels = new short[6 * 5 * 3];
    for (int i = 0; i < voxels.length; i++) {
      voxels[i] = (short) (-1000 + (i * 37 + seed * 101) % 1400);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NiftiWriter.write(out, NiftiHeader.builder(Datatype.INT16, 6, 5, 3).build(), voxels);
    return out.toByteArray();
  }

  private static byte[] preprocessed(byte[] file) throws IOException {
    try (NiftiReader reader =
        NiftiReader.open(new ByteArrayInputStream(file), ReadLimits.DEFAULT)) {
      return PREPROCESSING.apply(reader).toLittleEndian();
    }
  }

  private <V extends SpecificRecord> TestInputTopic<String, byte[]> input(Topic<V> topic) {
    return driver.createInputTopic(topic.name(), new StringSerializer(), new ByteArraySerializer());
  }

  private <V extends SpecificRecord> TestOutputTopic<String, V> output(Topic<V> topic) {
    return driver.createOutputTopic(
        topic.name(), new StringDeserializer(), topic.values().deserializer());
  }
}
