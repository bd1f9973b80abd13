package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pneumostream.system.RunningSystem.keys;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.pneumostream.bench.UntrainedModel;
import org.pneumostream.classifier.ModelMetadata;
import org.pneumostream.ingest.DirectIngest;
import org.pneumostream.ingest.Outcome;
import org.pneumostream.ingest.Provenance;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.volume.InputShape;

/** A failed scan that is pushed again is processed once. */
interface PushedAgainBehaviour extends SystemUnderTest {
  @Test
  default void aScanPushedAgainAfterTheScorersDeadLetterIsPredictedOnce(TestInfo test)
      throws Exception {
    Path file = Files.write(directory().resolve("again.nii.gz"), SmallPhantom.file(1));
    String other = ScanFile.of(file).scanId();
    try (RunningSystem system = system(test, Map.of("partitions", "1")).start();
        DirectIngest ingest = DirectIngest.open(system.settings())) {
      // The first is pushed over HTTP, the second by the command line, which does not check topics.
      final String id = system.push(SmallPhantom.file(2));
      assertThat(ingest.publish(ScanFile.of(file), Provenance.of(ScanSource.COMMAND_LINE)))
          .isInstanceOf(Outcome.Accepted.class);
      UntrainedModel.publish(
          system.models(), InputShape.SMALL, 1, Map.of(ModelMetadata.ORIENTATION, "as-stored"));
      system.await(system.topics().deadLetters(), read -> read.size() == 2);
      String next = system.publishModel(2).getVersion();
      system.models().promote(next, "test");
      Terminal.awaitInForce(system, next);

      awaitTakenAgain(system, SmallPhantom.file(2));
      assertThat(ingest.publish(ScanFile.of(file), Provenance.of(ScanSource.COMMAND_LINE)))
          .isInstanceOf(Outcome.Accepted.class);
      system.await(system.topics().predictions(), read -> read.size() == 2);
      assertThat(keys(system.now(system.topics().predictions())))
          .containsExactlyInAnyOrder(id, other);
      assertThat(Terminal.run(system, "dead-letters").out()).isEmpty();

      // They exist from here on, so pushing them again gives no second prediction.
      assertThat(system.post("/scans", SmallPhantom.file(2)).statusCode()).isEqualTo(200);
      assertThat(ingest.publish(ScanFile.of(file), Provenance.of(ScanSource.COMMAND_LINE)))
          .isInstanceOf(Outcome.Accepted.class);
      String last = system.push(SmallPhantom.file(3));
      system.await(system.topics().predictions(), read -> keys(read).contains(last));
      assertThat(Terminal.audit(system, 0).path("predicted").asInt()).isEqualTo(3);
    }
  }

  /** The volume is retried and scored, so its letter no longer causes another one. */
  @Test
  default void aScanPushedAgainAfterItsLetterWasRetriedIsNotPredictedTwice(TestInfo test)
      throws Exception {
    Path file = Files.write(directory().resolve("retried.nii.gz"), SmallPhantom.file(1));
    try (RunningSystem system = system(test, Map.of("partitions", "1")).start();
        DirectIngest ingest = DirectIngest.open(system.settings())) {
      assertThat(ingest.publish(ScanFile.of(file), Provenance.of(ScanSource.COMMAND_LINE)))
          .isInstanceOf(Outcome.Accepted.class);
      UntrainedModel.publish(
          system.models(), InputShape.SMALL, 1, Map.of(ModelMetadata.ORIENTATION, "as-stored"));
      system.await(system.topics().deadLetters(), read -> read.size() == 1);
      String next = system.publishModel(2).getVersion();
      system.models().promote(next, "test");
      Terminal.awaitInForce(system, next);
      assertThat(Terminal.run(system, "dead-letters", "retry", "0").status()).isZero();
      system.await(system.topics().predictions(), read -> read.size() == 1);

      assertThat(ingest.publish(ScanFile.of(file), Provenance.of(ScanSource.COMMAND_LINE)))
          .isInstanceOf(Outcome.Accepted.class);
      String last = system.push(SmallPhantom.file(3));
      system.await(system.topics().predictions(), read -> keys(read).contains(last));
      assertThat(Terminal.audit(system, 0).path("predicted").asInt()).isEqualTo(2);
      assertThat(system.now(system.topics().volumes())).hasSize(3);
    }
  }

  @Test
  default void aScanRefusedEachTimeItIsPushedHasOneLetterUntilItSucceeds(TestInfo test)
      throws Exception {
    Path file = Files.write(directory().resolve("refused.nii.gz"), SmallPhantom.file(1));
    Map<String, String> tooSmall = Map.of("partitions", "1", "max-dimension", "32");
    try (RunningSystem system = system(test, tooSmall).start();
        // Another ingest, with different settings, accepts it.
        DirectIngest ingest =
            DirectIngest.open(system.settings().with(Map.of("max-dimension", "4096")))) {
      system.publishModel(1);
      for (int push = 1; push <= 3; push++) {
        assertThat(ingest.publish(ScanFile.of(file), Provenance.of(ScanSource.COMMAND_LINE)))
            .isInstanceOf(Outcome.Accepted.class);
        int letters = push;
        system.await(system.topics().deadLetters(), read -> read.size() == letters);
      }
      assertThat(Terminal.run(system, "dead-letters").outLines())
          .singleElement()
          .asString()
          .startsWith("   0   3  waiting ");
      assertThat(Terminal.audit(system, 0).path("deadLettered").asInt()).isEqualTo(1);
    }
    try (RunningSystem system = system(test, Map.of("partitions", "1")).start()) {
      awaitTakenAgain(system, SmallPhantom.file(1));

      system.await(system.topics().predictions(), read -> read.size() == 1);
      assertThat(Terminal.run(system, "dead-letters").out()).isEmpty();
      assertThat(Terminal.audit(system, 0).path("deadLettersSettled").asInt()).isEqualTo(1);
      assertThat(system.post("/scans", SmallPhantom.file(1)).statusCode()).isEqualTo(200);
    }
  }

  /** Pushes until ingest has read of the failure and accepts the scan again. */
  private static void awaitTakenAgain(RunningSystem system, byte[] file) throws Exception {
    Instant end = Instant.now().plus(RunningSystem.PATIENCE);
    while (system.post("/scans", file).statusCode() != 202) {
      assertThat(Instant.now()).isBefore(end);
    }
  }
}
