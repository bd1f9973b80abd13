package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.settings.Settings;
import org.pneumostream.trainer.RetrainingOutcome;
import org.pneumostream.trainer.TrainerService;
import org.pneumostream.training.StepProgress;
import org.pneumostream.training.TrainingCounts;
import org.pneumostream.training.TrainingListener;

/**
 * Training runs on a real broker: one at a time, whoever starts it, and never with an erased scan.
 */
class TrainingRunsIT extends OnEmbeddedCluster {
  @TempDir static Path directory;

  private TrainersFixture trainers;

  @BeforeEach
  void connect(TestInfo test) {
    String prefix = test.getTestMethod().orElseThrow().getName() + ".";
    trainers = new TrainersFixture(cluster, directory, prefix);
  }

  @Test
  void twoTrainersPublishOneVersionForTheSameLabels() throws Exception {
    trainers.label(0, 16);
    OverlappingRuns overlaps = new OverlappingRuns();
    try (TrainerService one =
            TrainerService.start(trainers.settings("one", 16), overlaps.listener());
        TrainerService two =
            TrainerService.start(trainers.settings("two", 16), overlaps.listener())) {
      TrainersFixture.await(() -> !trainers.versions().isEmpty());
      for (TrainerService trainer : List.of(one, two)) {
        TrainersFixture.await(
            () ->
                trainers.gauge(trainer, "active")
                        + trainers.gauge(trainer, "waiting")
                        + trainers.gauge(trainer, "new_labels")
                    == 0);
      }

      assertThat(trainers.versions()).hasSize(1);
      assertThat(overlaps.most.get()).isEqualTo(1);
      assertThat(trainers.gauge(one, "waiting") + trainers.gauge(two, "waiting")).isZero();
    }
  }

  @Test
  void labelsUsedByTrainOnceCountAsUsedForTheService() throws Exception {
    trainers.label(0, 16);
    try (TrainerService service = TrainerService.start(trainers.settings("service", 20))) {
      TrainersFixture.await(() -> trainers.gauge(service, "new_labels") == 16);

      TrainerService.trainOnce(trainers.settings("once", 20), TrainingListener.NONE, () -> false);

      TrainersFixture.await(() -> trainers.gauge(service, "new_labels") == 0);
      trainers.label(16, 4);
      TrainersFixture.await(() -> trainers.gauge(service, "new_labels") == 4);
      assertThat(trainers.versions()).hasSize(1);
    }
  }

  @Test
  void aRunStartsOnceTheLabelsAreJoinedWithTheirVolumes() throws Exception {
    trainers.label(0, 12);
    trainers.labelWithoutVolumes(12, 4);
    try (TrainerService service = TrainerService.start(trainers.settings("service", 16))) {
      TrainersFixture.await(() -> trainers.gauge(service, "new_labels") == 16);
      assertThat(trainers.versions()).isEmpty();

      trainers.join(12, 4);

      TrainersFixture.await(
          () -> trainers.versions().size() == 1 && trainers.gauge(service, "new_labels") == 0);
      assertThat(TrainersFixture.trainedOn(trainers.versions().get(0))).isEqualTo(16);
    }
  }

  @Test
  void labelsWithoutAVolumeStartOneRunAndNoOther() throws Exception {
    trainers.label(0, 12);
    trainers.labelWithoutVolumes(12, 4);
    trainers.readLabels();
    try (TrainerService service = TrainerService.start(trainers.settings("service", 16))) {
      TrainersFixture.await(
          () -> trainers.versions().size() == 1 && trainers.gauge(service, "new_labels") == 0);
      assertThat(TrainersFixture.trainedOn(trainers.versions().get(0))).isEqualTo(12);

      trainers.label(16, 16);

      TrainersFixture.await(
          () -> trainers.versions().size() == 2 && trainers.gauge(service, "new_labels") == 0);
      assertThat(TrainersFixture.trainedOn(trainers.versions().get(1))).isEqualTo(28);
    }
  }

  @Test
  void aTrainerTakesOverWhenAnothersRunEnds() throws Exception {
    trainers.label(0, 16);
    CountDownLatch atWork = new CountDownLatch(1);
    AtomicBoolean stopped = new AtomicBoolean();
    Settings endless = trainers.settings("once", 16).with(Map.of("train-epochs", "100000"));
    CompletableFuture<Void> once =
        CompletableFuture.runAsync(
            () -> TrainerService.trainOnce(endless, TrainersFixture.signal(atWork), stopped::get));
    atWork.await();
    OverlappingRuns overlaps = new OverlappingRuns();
    try (TrainerService service =
        TrainerService.start(trainers.settings("service", 16), overlaps.listener())) {
      TrainersFixture.await(() -> trainers.gauge(service, "waiting") == 1);
      assertThat(trainers.gauge(service, "active")).isZero();
      assertThat(overlaps.started.get()).isZero();

      stopped.set(true);

      assertThatThrownBy(once::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(CancellationException.class);
      TrainersFixture.await(
          () -> trainers.versions().size() == 1 && trainers.gauge(service, "new_labels") == 0);
      assertThat(overlaps.started.get()).isEqualTo(1);
    }
  }

  @Test
  void aRunStartsAgainWithoutAnErasedScan() throws Exception {
    trainers.label(0, 16);
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
              trainers.erase(3);
            }
          }
        };

    RetrainingOutcome outcome =
        TrainerService.trainOnce(trainers.settings("once", 16), eraser, () -> false);

    assertThat(runs.get()).isEqualTo(2);
    assertThat(outcome.publication()).isPresent();
    assertThat(TrainersFixture.trainedOn(trainers.versions().get(0))).isEqualTo(15);
    assertThat(trainers.spooled("once")).isEmpty();
  }

  @Test
  void anErasureRemovesAnUnfinishedRunWithTheScan() throws Exception {
    trainers.label(0, 16);
    Settings settings = trainers.settings("both", 1000);
    assertThatThrownBy(
            () -> TrainerService.trainOnce(settings, TrainersFixture.failing(), () -> false))
        .hasMessage("a test");
    assertThat(trainers.spooled("both")).hasSize(1);
    CountDownLatch atWork = new CountDownLatch(1);
    AtomicBoolean stopped = new AtomicBoolean();
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () ->
                TrainerService.trainOnce(
                    trainers.settings("other", 1000).with(Map.of("train-epochs", "100000")),
                    TrainersFixture.signal(atWork),
                    stopped::get));
    atWork.await();
    // Another process holds the turn, so that the service cannot continue its run.
    try (TrainerService service = TrainerService.start(settings)) {
      TrainersFixture.await(
          () ->
              trainers.gauge(service, "waiting") == 1
                  && trainers.gauge(service, "new_labels") == 16);
      assertThat(trainers.spooled("both")).hasSize(1);

      trainers.erase(3);

      TrainersFixture.await(() -> trainers.spooled("both").isEmpty());
      stopped.set(true);
      assertThatThrownBy(other::get).hasCauseInstanceOf(CancellationException.class);
      // It starts again.
      TrainersFixture.await(() -> trainers.versions().size() == 1);
    }
  }

  @Test
  void aRunThatKeepsFailingIsGivenUpAndItsLabelsCountAsUsed() throws Exception {
    trainers.label(0, 16);
    Settings settings = trainers.settings("once", 16);
    for (int attempt = 0; attempt < 4; attempt++) {
      assertThatThrownBy(
              () -> TrainerService.trainOnce(settings, TrainersFixture.failing(), () -> false))
          .hasMessage("a test");
      assertThat(trainers.spooled("once")).hasSize(attempt < 3 ? 1 : 0);
    }

    try (TrainerService service = TrainerService.start(settings)) {
      trainers.label(16, 1);
      TrainersFixture.await(() -> trainers.gauge(service, "new_labels") == 1);
      assertThat(trainers.versions()).isEmpty();
    }
  }
}
