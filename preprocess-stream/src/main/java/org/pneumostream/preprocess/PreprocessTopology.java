package org.pneumostream.preprocess;

import io.micrometer.core.instrument.Timer;
import java.time.InstantSource;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
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
import org.apache.kafka.streams.state.Stores;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import org.pneumostream.schemas.Volume;
import org.pneumostream.service.Tracing;

/**
 * From scans to network-ready volumes, and from volumes and labels to the training set.
 *
 * <pre>
 * scans ──▶ once per scan ──▶ preprocess ──▶ volumes ──┐
 *   └── finding given with the push ──▶ labels ────────┴──▶ join ──▶ labeled-volumes
 * </pre>
 *
 * <p>What cannot be read or processed goes to dead-letters, see {@link DeadLetterHandler}. A
 * tombstone on scans takes the same ways, so that it follows whatever was made of the scan.
 */
public final class PreprocessTopology implements Supplier<Topology> {
  private static final String PUSHER = "push";

  private final Topics topics;
  private final PreprocessConfig config;
  private final InstantSource clock;
  private final Timer preprocessingTime;
  private final Tracing tracing;

  /**
   * @param preprocessingTime times each scan that becomes a volume, or fails to
   */
  public PreprocessTopology(
      Topics topics,
      PreprocessConfig config,
      InstantSource clock,
      Timer preprocessingTime,
      Tracing tracing) {
    this.topics = topics;
    this.config = config;
    this.clock = clock;
    this.preprocessingTime = preprocessingTime;
    this.tracing = tracing;
  }

  @Override
  public Topology get() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(OncePerScan.STORE), Serdes.String(), Serdes.String()));

    KStream<String, Scan> pushedOrErased =
        builder.stream(topics.scans().name(), consumed(topics.scans()).withName("read-scans"))
            .filter((id, scan) -> id != null, Named.as("with-id"));
    KStream<String, Scan> scans =
        pushedOrErased.filter((id, scan) -> scan != null, Named.as("skip-tombstones"));

    KTable<String, Label> labels = table(builder, topics.labels(), "labels");
    scans
        .filter((id, scan) -> scan.getFinding() != null, Named.as("with-finding"))
        .leftJoin(labels, PreprocessTopology::labelGivenWithPush, Joined.as("finding-to-label"))
        .filter((id, label) -> label != null, Named.as("not-labeled-since"))
        .to(topics.labels().name(), produced(topics.labels()).withName("write-labels"));

    pushedOrErased
        .processValues(this::oncePerScan, Named.as("preprocess"), OncePerScan.STORE)
        .to(topics.volumes().name(), produced(topics.volumes()).withName("write-volumes"));

    KStream<String, Scan> erased =
        pushedOrErased.filter((id, scan) -> scan == null, Named.as("tombstones"));
    passOn(erased, topics.labels(), "labels");
    passOn(erased, topics.deadLetters(), "dead-letters");

    KTable<String, Volume> volumes = table(builder, topics.volumes(), "volumes");
    volumes
        .join(labels, LabeledVolume::new, Named.as("label-volumes"))
        .toStream(Named.as("labeled-volumes"))
        .to(
            topics.labeledVolumes().name(),
            produced(topics.labeledVolumes()).withName("write-labeled-volumes"));

    return builder.build(optimized());
  }

  /** Tombstones behind what other branches have written to a topic. */
  private static <V extends SpecificRecord> void passOn(
      KStream<String, Scan> tombstones, Topic<V> topic, String name) {
    tombstones
        .mapValues(none -> (V) null, Named.as("no-" + name))
        .to(topic.name(), produced(topic).withName("end-" + name));
  }

  private OncePerScan oncePerScan() {
    Preprocessing preprocessing = config.preprocessing();
    String how =
        Preprocessing.VERSION + " " + preprocessing.shape() + " " + preprocessing.orientation();
    ScanToVolume scanToVolume =
        new ScanToVolume(preprocessing, config.store(), config.limits(), clock);
    return new OncePerScan(
        how, scan -> preprocessingTime.record(() -> scanToVolume.apply(scan)), tracing);
  }

  /**
   * A scan that failed may be tried again long after it was pushed: what a reader has said since
   * stands.
   *
   * @param known the scan's latest label, or null
   * @return null if that is no older than the push
   */
  private static Label labelGivenWithPush(Scan scan, Label known) {
    return known == null || known.getLabeledAt().isBefore(scan.getReceivedAt())
        ? new Label(scan.getFinding(), PUSHER, scan.getReceivedAt())
        : null;
  }

  /** The compacted topic is the table's own changelog, so that no volume is kept in Kafka twice. */
  private static Properties optimized() {
    Properties properties = new Properties();
    properties.put(
        StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.REUSE_KTABLE_SOURCE_TOPICS);
    return properties;
  }

  private static <V extends SpecificRecord> KTable<String, V> table(
      StreamsBuilder builder, Topic<V> topic, String name) {
    return builder.table(
        topic.name(),
        consumed(topic).withName("read-" + name),
        Materialized.<String, V, KeyValueStore<Bytes, byte[]>>as(name)
            // A cache of records of 2 MiB holds little and delays them.
            .withCachingDisabled());
  }

  private static <V extends SpecificRecord> Consumed<String, V> consumed(Topic<V> topic) {
    return Consumed.with(topic.keys(), topic.values());
  }

  private static <V extends SpecificRecord> Produced<String, V> produced(Topic<V> topic) {
    return Produced.with(topic.keys(), topic.values());
  }
}
