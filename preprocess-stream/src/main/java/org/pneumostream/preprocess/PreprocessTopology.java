package org.pneumostream.preprocess;

import io.micrometer.core.instrument.Timer;
import java.time.InstantSource;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import org.pneumostream.schemas.Volume;

/**
 * Turns scans into network-ready volumes, and joins volumes with labels into the training set.
 *
 * <pre>
 * scans ──▶ once per scan ──▶ preprocess ──▶ volumes
 *
 * volumes ──▶ note its place ──▶ label it ────────────────┐
 * labels ──▶ read the volume at its place ────────────────┴──▶ labeled-volumes
 * </pre>
 *
 * <p>The two parts share topics but no state, so that neither waits for the other's restore.
 * Records that cannot be read or processed go to dead-letters, see {@link DeadLetterHandler}. A
 * tombstone on scans takes the same paths, so that it follows everything derived from the scan.
 */
public final class PreprocessTopology implements Supplier<Topology> {
  private static final String LABELS = "labels";

  private final Topics topics;
  private final PreprocessConfig config;
  private final ScanStore store;
  private final PlacedVolumes placedVolumes;
  private final UnscoredVolumes unscored;
  private final InstantSource clock;
  private final Timer preprocessingTime;
  private final Tracing tracing;

  /**
   * @param store location of scans too large for a record
   * @param placedVolumes the volumes topic, to read volumes whose label arrives later
   * @param unscored volumes that the scorer failed on, which are made again when their scan is
   *     pushed again
   * @param preprocessingTime times each scan that becomes a volume, or fails
   */
  public PreprocessTopology(
      Topics topics,
      PreprocessConfig config,
      ScanStore store,
      PlacedVolumes placedVolumes,
      UnscoredVolumes unscored,
      InstantSource clock,
      Timer preprocessingTime,
      Tracing tracing) {
    this.topics = topics;
    this.config = config;
    this.store = store;
    this.placedVolumes = placedVolumes;
    this.unscored = unscored;
    this.clock = clock;
    this.preprocessingTime = preprocessingTime;
    this.tracing = tracing;
  }

  @Override
  public Topology get() {
    StreamsBuilder builder = new StreamsBuilder();
    scansToVolumes(builder);
    volumesToTrainingSet(builder);
    return builder.build(optimized());
  }

  private void scansToVolumes(StreamsBuilder builder) {
    builder.addStateStore(store(OncePerScan.STORE, Serdes.String()));
    KStream<String, ValueOrBytes<Scan>> scans =
        builder.stream(
                topics.scans().name(),
                Consumed.with(topics.scans().keys(), ValueOrBytes.serde(topics.scans()))
                    .withName("read-scans"))
            .filter(PreprocessTopology::hasId, Named.as("scans-with-id"));
    scans
        .processValues(this::oncePerScan, Named.as("preprocess"), OncePerScan.STORE)
        .to(topics.volumes().name(), produced(topics.volumes()).withName("write-volumes"));
    scans
        .filter((id, scan) -> scan == null, Named.as("erased-scans"))
        .mapValues(none -> (DeadLetter) null, Named.as("no-dead-letters"))
        .to(
            topics.deadLetters().name(),
            produced(topics.deadLetters()).withName("end-dead-letters"));
  }

  private void volumesToTrainingSet(StreamsBuilder builder) {
    builder.addStateStore(store(NotePlace.STORE, Serdes.Long()));
    KTable<String, ValueOrBytes<Label>> labels =
        builder.table(
            topics.labels().name(),
            Consumed.with(topics.labels().keys(), ValueOrBytes.serde(topics.labels()))
                .withName("read-labels"),
            Materialized.as(LABELS));
    KStream<String, Volume> volumes =
        builder.stream(
                topics.volumes().name(),
                Consumed.with(topics.volumes().keys(), topics.volumes().values())
                    .withName("read-volumes"))
            .filter((id, volume) -> id != null, Named.as("volumes-with-id"))
            .processValues(NotePlace::new, Named.as("note-places"), NotePlace.STORE);

    KStream<String, LabeledVolume> labeledByThen =
        volumes
            .filter((id, volume) -> volume != null, Named.as("skip-tombstones"))
            .join(labels, PreprocessTopology::labeled, Joined.as("label-volumes"))
            .filter((id, labeled) -> labeled != null, Named.as("skip-bad-labels"));
    KStream<String, LabeledVolume> labeledNow =
        labels
            .toStream(Named.as("given-labels"))
            .processValues(
                () -> new LabelPlacedVolume(placedVolumes),
                Named.as("label-placed-volumes"),
                NotePlace.STORE);
    KStream<String, LabeledVolume> ended =
        volumes
            .filter((id, volume) -> volume == null, Named.as("erased-volumes"))
            .mapValues(none -> (LabeledVolume) null, Named.as("no-labeled-volumes"));
    labeledByThen
        .merge(labeledNow, Named.as("labeled-volumes"))
        .merge(ended, Named.as("labeled-volumes-and-ends"))
        .to(
            topics.labeledVolumes().name(),
            produced(topics.labeledVolumes()).withName("write-labeled-volumes"));
  }

  /** Null for a malformed label, which has its dead letter already. */
  private static @Nullable LabeledVolume labeled(Volume volume, ValueOrBytes<Label> given) {
    Label label = given.value();
    return label == null ? null : new LabeledVolume(volume, label);
  }

  private OncePerScan oncePerScan() {
    Preprocessing preprocessing = config.preprocessing();
    String how =
        Preprocessing.VERSION + " " + preprocessing.shape() + " " + preprocessing.orientation();
    ScanToVolume scanToVolume = new ScanToVolume(preprocessing, store, config.limits(), clock);
    return new OncePerScan(
        how, scan -> preprocessingTime.record(() -> scanToVolume.apply(scan)), unscored, tracing);
  }

  /** Uses the labels topic as its table's changelog, so that Kafka does not hold labels twice. */
  private static Properties optimized() {
    Properties properties = new Properties();
    properties.put(
        StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.REUSE_KTABLE_SOURCE_TOPICS);
    return properties;
  }

  private <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.String(), values)
        .withLoggingEnabled(topics.erasable());
  }

  /** Fails on malformed scans, with or without an id. */
  private static boolean hasId(String id, ValueOrBytes<Scan> scan) {
    if (id == null && scan != null) {
      scan.require();
    }
    return id != null;
  }

  private static <V extends SpecificRecord> Produced<String, V> produced(Topic<V> topic) {
    return Produced.with(topic.keys(), topic.values());
  }
}
