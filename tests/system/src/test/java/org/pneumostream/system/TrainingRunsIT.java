package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
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
import org.pneumostream.trainer.RetrainingOutcome;
import org.pneumostream.trainer.TrainerService;
import org.pneumostream.training.EpochResult;
import org.pneumostream.training.StepProgress;
import org.pneumostream.training.TrainingCounts;
import org.pneumostream.training.TrainingListener;
import org.pneumostream.volume.InputShape;

/**
 * Training runs on a real broker: one at a time, whoever starts it, and never with an erased scan.
 */
class TrainingRunsIT {
  @TempDir static Path directory;

  private static EmbeddedCluster cluster;
  private final HttpClient http = HttpClient.newHttpClient();
  private String prefix;
  private KafkaConnection kafka;

  @BeforeAll
  static void start() {
    cluster = EmbeddedCluster.start(directory.resolve("cluster"), 0, 0);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void twoTrainersPublishOneVersionForTheSameLabels(TestInfo test) throws Exception {
    connect(test);
    label(0, 16);
    Overlaps overlaps = new Overlaps();
    try (TrainerService one = TrainerService.start(settings("one", 16), overlaps.listener());
        TrainerService two = TrainerService.start(settings("two", 16), overlaps.listener())) {
      await(() -> !versions().isEmpty());
      for (TrainerService trainer : List.of(one, two)) {
        await(
            () ->
                gauge(trainer, "active") + gauge(trainer, "waiting") + gauge(trainer, "new_labels")
                    == 0);
      }

      assertThat(versions()).hasSize(1);
      assertThat(overlaps.most.get()).isEqualTo(1);
      assertThat(gauge(one, "waiting") + gauge(two, "waiting")).isZero();
    }
  }

  @Test
  void labelsUsedByTrainOnceCountAsUsedForTheService(TestInfo test) throws Exception {
    connect(test);
    label(0, 16);
    try (TrainerService service = TrainerService.start(settings("service", 20))) {
      await(() -> gauge(service, "new_labels") == 16);

      TrainerService.trainOnce(settings("once", 20), TrainingListener.NONE, () -> false);

      await(() -> gauge(service, "new_labels") == 0);
      label(16, 4);
      await(() -> gauge(service, "new_labels") == 4);
      assertThat(versions()).hasSize(1);
    }
  }

  @Test
  void aRunStartsOnceTheLabelsAreJoinedWithTheirVolumes(TestInfo test) throws Exception {
    connect(test);
    label(0, 12);
    labelWithoutVolumes(12, 4);
    try (TrainerService service = TrainerService.start(settings("service", 16))) {
      await(() -> gauge(service, "new_labels") == 16);
      assertThat(versions()).isEmpty();

      join(12, 4);

      await(() -> versions().size() == 1 && gauge(service, "new_labels") == 0);
      assertThat(trainedOn(versions().get(0))).isEqualTo(16);
    }
  }

  @Test
  void labelsWithoutAVolumeStartOneRunAndNoOther(TestInfo test) throws Exception {
    connect(test);
    label(0, 12);
    labelWithoutVolumes(12, 4);
    readLabels();
    try (TrainerService service = TrainerService.start(settings("service", 16))) {
      await(() -> versions().size() == 1 && gauge(service, "new_labels") == 0);
      assertThat(trainedOn(versions().get(0))).isEqualTo(12);

      label(16, 16);

      await(() -> versions().size() == 2 && gauge(service, "new_labels") == 0);
      assertThat(trainedOn(versions().get(1))).isEqualTo(28);
    }
  }

  @Test
  void aTrainerTakesOverWhenAnothersRunEnds(TestInfo test) throws Exception {
    connect(test);
    label(0, 16);
    CountDownLatch atWork = new CountDownLatch(1);
    AtomicBoolean stopped = new AtomicBoolean();
    Settings endless = settings("once", 16).with(Map.of("train-epochs", "100000"));
    CompletableFuture<Void> once =
        CompletableFuture.runAsync(
            () -> TrainerService.trainOnce(endless, signal(atWork), stopped::get));
    atWork.await();
    Overlaps overlaps = new Overlaps();
    try (TrainerService service =
        TrainerService.start(settings("service", 16), overlaps.listener())) {
      await(() -> gauge(service, "waiting") == 1);
      assertThat(gauge(service, "active")).isZero();
      assertThat(overlaps.started.get()).isZero();

      stopped.set(true);

      assertThatThrownBy(once::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(CancellationException.class);
      await(() -> versions().size() == 1 && gauge(service, "new_labels") == 0);
      assertThat(overlaps.started.get()).isEqualTo(1);
    }
  }

  @Test
  void aRunStartsAgainWithoutAnErasedScan(TestInfo test) throws Exception {
    connect(test);
    label(0, 16);
    AtomicInteger runs = new AtomicInteger();
    AtomicBoolean erased = new AtomicBoolean();
    TrainingListener eraser =
        new TrainingListener() {
          @Override
          public void started(TrainingCounts counts) {
            runs.incrementAndGet();
          }

          @Override
          public void step(StepProgress progress) {
            if (erased.compareAndSet(false, true)) {
              erase(3);
            }
          }
        };

    RetrainingOutcome outcome = TrainerService.trainOnce(settings("once", 16), eraser, () -> false);

    assertThat(runs.get()).isEqualTo(2);
    assertThat(outcome.publication()).isPresent();
    assertThat(trainedOn(versions().get(0))).isEqualTo(15);
    assertThat(spooled("once")).isEmpty();
  }

  @Test
  void anErasureRemovesAnUnfinishedRunWithTheScan(TestInfo test) throws Exception {
    connect(test);
    label(0, 16);
    Settings settings = settings("both", 1000);
    assertThatThrownBy(() -> TrainerService.trainOnce(settings, failing(), () -> false))
        .hasMessage("a test");
    assertThat(spooled("both")).hasSize(1);
    CountDownLatch atWork = new CountDownLatch(1);
    AtomicBoolean stopped = new AtomicBoolean();
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () ->
                TrainerService.trainOnce(
                    settings("other", 1000).with(Map.of("train-epochs", "100000")),
                    signal(atWork),
                    stopped::get));
    atWork.await();
    // Another process holds the turn, so that the service cannot continue its run.
    try (TrainerService service = TrainerService.start(settings)) {
      await(() -> gauge(service, "waiting") == 1 && gauge(service, "new_labels") == 16);
      assertThat(spooled("both")).hasSize(1);

      erase(3);

      await(() -> spooled("both").isEmpty());
      stopped.set(true);
      assertThatThrownBy(other::get).hasCauseInstanceOf(CancellationException.class);
      // It starts again.
      await(() -> versions().size() == 1);
    }
  }

  @Test
  void aRunThatKeepsFailingIsGivenUpAndItsLabelsCountAsUsed(TestInfo test) throws Exception {
    connect(test);
    label(0, 16);
    Settings settings = settings("once", 16);
    for (int attempt = 0; attempt < 4; attempt++) {
      assertThatThrownBy(() -> TrainerService.trainOnce(settings, failing(), () -> false))
          .hasMessage("a test");
      assertThat(spooled("once")).hasSize(attempt < 3 ? 1 : 0);
    }

    try (TrainerService service = TrainerService.start(settings)) {
      label(16, 1);
      await(() -> gauge(service, "new_labels") == 1);
      assertThat(versions()).isEmpty();
    }
  }

  private static TrainingListener failing() {
    return new TrainingListener() {
      @Override
      public void step(StepProgress progress) {
        throw new IllegalStateException("a test");
      }
    };
  }

  private static TrainingListener signal(CountDownLatch atWork) {
    return new TrainingListener() {
      @Override
      public void step(StepProgress progress) {
        atWork.countDown();
      }
    };
  }

  private void erase(int number) {
    try (Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      for (Topic<?> topic : List.of(kafka.topics().labels(), kafka.topics().labeledVolumes())) {
        producer.send(new ProducerRecord<>(topic.name(), scanId(number), null));
      }
    }
  }

  /** The folders of runs. */
  private List<Path> spooled(String data) throws IOException {
    try (Stream<Path> folders = Files.list(directory.resolve(prefix + data).resolve("trainer"))) {
      return folders.filter(Files::isDirectory).toList();
    }
  }

  /** Number of concurrent runs. */
  private static final class Overlaps {
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger now = new AtomicInteger();

    TrainingListener listener() {
      return new TrainingListener() {
        @Override
        public void started(TrainingCounts counts) {
          started.incrementAndGet();
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
        }

        @Override
        public void epoch(EpochResult result) {
          if (result.epoch() == result.epochs()) {
            now.decrementAndGet();
          }
        }
      };
    }
  }

  private void connect(TestInfo test) {
    prefix = test.getTestMethod().orElseThrow().getName() + ".";
    kafka = KafkaSettings.connectionWithTopics(settings("test", 1));
  }

  private Settings settings(String data, int minNewLabels) {
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
  private void label(int from, int count) throws Exception {
    labelWithoutVolumes(from, count);
    join(from, count);
  }

  private void labelWithoutVolumes(int from, int count) throws Exception {
    try (Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      for (int number = from; number < from + count; number++) {
        producer.send(kafka.topics().labels().record(scanId(number), labelOf(number))).get();
      }
    }
  }

  private void join(int from, int count) throws Exception {
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
  private void readLabels() {
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

  /** How many scans were in the snapshot, those held out included. */
  private static int trainedOn(ModelVersion version) {
    Lineage lineage = version.getLineage();
    return Stream.of(lineage.getTraining(), lineage.getValidation(), lineage.getHoldout())
        .mapToInt(count -> count.getNormal() + count.getAbnormal())
        .sum();
  }

  private List<ModelVersion> versions() {
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, "pneumonia")) {
      return catalogue.refresh().versions();
    }
  }

  private double gauge(TrainerService trainer, String name) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + trainer.port() + "/metrics");
    String metrics = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    Matcher line =
        Pattern.compile("(?m)^pneumostream_training_" + name + "(?:\\{.*})? (\\S+)$")
            .matcher(metrics);
    assertThat(line.find()).as(metrics).isTrue();
    return Double.parseDouble(line.group(1));
  }

  private static void await(Callable<Boolean> holds) throws InterruptedException {
    Condition.await("what the trainers should have come to", Duration.ofMinutes(3), holds);
  }
}
