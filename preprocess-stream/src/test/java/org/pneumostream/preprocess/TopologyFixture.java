package org.pneumostream.preprocess;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.LetterRoom;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.scanstore.DirectoryScanStore;
import org.pneumostream.scanstore.ScanCompression;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.scanstore.ScanStoreConfig;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.Reference;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.Topics;
import org.pneumostream.schemas.Volume;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

/** The real topology and its topics, without a broker, with a fixed clock. */
final class TopologyFixture implements AutoCloseable {
  static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05Z");
  static final Instant NOW = Instant.parse("2026-01-02T03:04:06Z");
  static final String SCAN_ID = "0f".repeat(32);

  /** A letter's limit. */
  static final int LETTER_BYTES = 100_000;

  private static final Preprocessing PREPROCESSING =
      new Preprocessing(new InputShape(8, 8, 4), OrientationPolicy.CANONICAL);

  final Topics topics;
  final ScanStore store;
  final TestInputTopic<String, byte[]> scans;
  final TestInputTopic<String, byte[]> labels;
  final TestOutputTopic<String, Volume> volumes;
  final TestOutputTopic<String, LabeledVolume> labeledVolumes;
  final TestOutputTopic<String, DeadLetter> deadLetters;
  private final TopologyTestDriver driver;

  /** Offsets of compacted records. */
  final Set<Long> compacted = new HashSet<>();

  /** The latest scan whose volume the scorer failed on, by scan id. */
  private final Map<String, RecordPlace> givenUp = new HashMap<>();

  private final List<Volume> everyVolume = new ArrayList<>();

  TopologyFixture(Path directory) {
    this(directory, Tracing.off());
  }

  TopologyFixture(Path directory, Tracing tracing) {
    KafkaConnection kafka =
        new KafkaConnection(
            "unused:1",
            Registry.inMemory(),
            new TopicSettings("", 2, (short) 1, 16 << 20),
            Map.of());
    topics = kafka.topics();
    store = new DirectoryScanStore(directory.resolve("scan-store"));
    try {
      store.owner("test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    PreprocessConfig config =
        new PreprocessConfig(
            PREPROCESSING,
            1,
            directory.resolve("state"),
            new ScanStoreConfig(directory, Optional.empty(), Optional.empty(), true, 0),
            ReadLimits.DEFAULT,
            0);
    Properties properties =
        PreprocessService.properties(kafka, config, new LetterRoom(LETTER_BYTES), tracing);
    // The driver forgets what a failed deserialization sent in an open transaction.
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    driver =
        new TopologyTestDriver(
            new PreprocessTopology(
                    topics,
                    config,
                    store,
                    this::placedVolume,
                    (id, scan) -> scan.equals(givenUp.get(id)),
                    InstantSource.fixed(NOW),
                    new SimpleMeterRegistry().timer("preprocessing"),
                    tracing)
                .get(),
            properties);
    scans = input(topics.scans());
    labels = input(topics.labels());
    volumes = output(topics.volumes());
    labeledVolumes = output(topics.labeledVolumes());
    deadLetters = output(topics.deadLetters());
  }

  @Override
  public void close() {
    driver.close();
  }

  private Optional<Volume> placedVolume(int partition, long offset) {
    return compacted.contains(offset) ? Optional.empty() : Optional.of(placedVolume((int) offset));
  }

  /** The volume that the topology wrote at an offset, if no test has read it before. */
  Volume placedVolume(int offset) {
    everyVolume.addAll(volumes.readValuesToList());
    return everyVolume.get(offset);
  }

  void givenUp(String id, RecordPlace scan) {
    givenUp.put(id, scan);
  }

  void push(String id, Scan scan) {
    scans.pipeInput(id, topics.scans().record(id, scan).value());
  }

  /** Puts a file into the scan store, as ingest does. */
  Reference store(byte[] file) throws IOException {
    return store.put(SCAN_ID, new ByteArrayInputStream(published(file)));
  }

  void label(String id, Finding finding) {
    labels.pipeInput(
        id, topics.labels().record(id, new Label(finding, "reader-1", RECEIVED)).value());
  }

  /** Puts bytes into the table of labels, as a restore from the topic does. */
  @SuppressWarnings("unchecked")
  void restoreLabel(String id, byte[] value) {
    StateStore store = driver.getTimestampedKeyValueStore("labels");
    while (store instanceof WrappedStateStore<?, ?, ?> wrapped) {
      store = wrapped.wrapped();
    }
    ByteBuffer stored = ByteBuffer.allocate(Long.BYTES + value.length).putLong(1).put(value);
    ((KeyValueStore<Bytes, byte[]>) store)
        .put(Bytes.wrap(id.getBytes(StandardCharsets.UTF_8)), stored.array());
  }

  /** {@link #file} inline in a record. */
  static Scan scan(int seed) throws IOException {
    return scan(file(seed));
  }

  /** A file within the record. */
  static Scan scan(byte[] file) throws IOException {
    return builder().setContent(ByteBuffer.wrap(published(file))).build();
  }

  /** A file as ingest publishes it. */
  static byte[] published(byte[] file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream compressed = ScanCompression.compress(bytes)) {
      compressed.write(file);
    }
    return bytes.toByteArray();
  }

  static Scan.Builder builder() {
    return Scan.newBuilder()
        .setReceivedAt(RECEIVED)
        .setSource(ScanSource.HTTP)
        .setStudyKey("study-1");
  }

  /** A small scan whose voxels follow from the seed. */
  static byte[] file(int seed) throws IOException {
    short[] voxels = new short[6 * 5 * 3];
    for (int i = 0; i < voxels.length; i++) {
      voxels[i] = (short) (-1000 + (i * 37 + seed * 101) % 1400);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NiftiWriter.write(out, NiftiHeader.builder(Datatype.INT16, 6, 5, 3).build(), voxels);
    return out.toByteArray();
  }

  static byte[] preprocessed(byte[] file) throws IOException {
    try (NiftiReader reader =
        NiftiReader.open(new ByteArrayInputStream(file), ReadLimits.DEFAULT)) {
      return PREPROCESSING.apply(reader).toLittleEndian();
    }
  }

  <V extends SpecificRecord> TestInputTopic<String, byte[]> input(Topic<V> topic) {
    return driver.createInputTopic(topic.name(), new StringSerializer(), new ByteArraySerializer());
  }

  <V extends SpecificRecord> TestOutputTopic<String, V> output(Topic<V> topic) {
    return driver.createOutputTopic(
        topic.name(), new StringDeserializer(), topic.values().deserializer());
  }
}
