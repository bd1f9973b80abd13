package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Volume;
import org.pneumostream.settings.Settings;
import org.pneumostream.standalone.EmbeddedCluster;
import org.pneumostream.support.SampleRecords;
import org.pneumostream.trainer.TrainerService;
import org.pneumostream.training.StepProgress;
import org.pneumostream.training.TrainingListener;
import org.pneumostream.volume.InputShape;

/** Trainers that share topics, and the labels and volumes that they train on. */
final class TrainersFixture {
  private final EmbeddedCluster cluster;
  private final Path directory;
  private final String prefix;
  private final KafkaConnection kafka;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * @param directory of the trainers' data
   * @param prefix of the topics
   */
  TrainersFixture(EmbeddedCluster cluster, Path directory, String prefix) {
    this.cluster = cluster;
    this.directory = directory;
    this.prefix = prefix;
    this.kafka = KafkaSettings.connectionWithTopics(settings("test", 1));
  }

  Settings settings(String data, int minNewLabels) {
    Map<String, String> values = new HashMap<>(cluster.settings());
    values.put("topic-prefix", prefix);
    values.put("data-dir", directory.resolve(prefix + data).toString());
    values.put("input-shape", "48x48x48");
    values.put("trainer-port", "0");
    values.put("train-epochs", "2");
    values.put("train-augment", "false");
    values.put("train-min-scans-per-class", "1");
    values.put("min-new-labels", Integer.toString(minNewLabels));
    return Settings.of(AllSettings.ALL, values);
  }

  /** Labels scans, and joins them with volumes as preprocess-stream would. */
  void label(int from, int count) throws Exception {
    labelWithoutVolumes(from, count);
    join(from, count);
  }

  void labelWithoutVolumes(int from, int count) throws Exception {
    try (Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      for (int number = from; number < from + count; number++) {
        producer.send(kafka.topics().labels().record(scanId(number), labelOf(number))).get();
      }
    }
  }

  void join(int from, int count) throws Exception {
    Topic<LabeledVolume> topic = kafka.topics().labeledVolumes();
    try (Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      for (int number = from; number < from + count; number++) {
        LabeledVolume labeled = new LabeledVolume(volume(number), labelOf(number));
        producer.send(topic.record(scanId(number), labeled)).get();
      }
    }
    readLabels();
  }

  /** Commits the position that preprocess-stream has when it has read all labels. */
  void readLabels() {
    Map<String, Object> group =
        Map.of(ConsumerConfig.GROUP_ID_CONFIG, kafka.topics().preprocessGroup());
    try (Consumer<String, byte[]> consumer = kafka.consumer(group)) {
      CommittedRecords labels = CommittedRecords.upToNow(consumer, kafka.topics().labels().name());
      Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
      labels
          .endOffsets()
          .forEach(
              (number, end) ->
                  positions.put(
                      new TopicPartition(kafka.topics().labels().name(), number),
                      new OffsetAndMetadata(end)));
      consumer.commitSync(positions);
    }
  }

  void erase(int number) {
    try (Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      for (Topic<?> topic : List.of(kafka.topics().labels(), kafka.topics().labeledVolumes())) {
        producer.send(new ProducerRecord<>(topic.name(), scanId(number), null));
      }
    }
  }

  /** The folders of runs. */
  List<Path> spooled(String data) throws IOException {
    try (Stream<Path> folders = Files.list(directory.resolve(prefix + data).resolve("trainer"))) {
      return folders.filter(Files::isDirectory).toList();
    }
  }

  List<ModelVersion> versions() {
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, "pneumonia")) {
      return catalogue.refresh().versions();
    }
  }

  double gauge(TrainerService trainer, String name) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + trainer.port() + "/metrics");
    String metrics = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    Matcher line =
        Pattern.compile("(?m)^pneumostream_training_" + name + "(?:\\{.*})? (\\S+)$")
            .matcher(metrics);
    assertThat(line.find()).as(metrics).isTrue();
    return Double.parseDouble(line.group(1));
  }

  /** How many scans were in the snapshot, those held out included. */
  static int trainedOn(ModelVersion version) {
    Lineage lineage = version.getLineage();
    return Stream.of(lineage.getTraining(), lineage.getValidation(), lineage.getHoldout())
        .mapToInt(count -> count.getNormal() + count.getAbnormal())
        .sum();
  }

  static TrainingListener failing() {
    return new TrainingListener() {
      @Override
      public void step(StepProgress progress) {
        throw new IllegalStateException("a test");
      }
    };
  }

  static TrainingListener signal(CountDownLatch atWork) {
    return new TrainingListener() {
      @Override
      public void step(StepProgress progress) {
        atWork.countDown();
      }
    };
  }

  static void await(Callable<Boolean> holds) throws InterruptedException {
    Condition.await("what the trainers should have come to", Duration.ofMinutes(3), holds);
  }

  private static String scanId(int number) {
    return "%064x".formatted(number);
  }

  private static Label labelOf(int number) {
    return new Label(number % 2 == 0 ? Finding.NORMAL : Finding.ABNORMAL, "reader", Instant.EPOCH);
  }

  private static Volume volume(int number) {
    byte[] voxels = new byte[2 * 48 * 48 * 48];
    new Random(number).nextBytes(voxels);
    return SampleRecords.volume(InputShape.SMALL, ByteBuffer.wrap(voxels)).build();
  }
}
