package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.status.Readiness;
import org.pneumostream.status.SystemStatus;
import org.pneumostream.system.FaultSchedule.Strike;
import org.pneumostream.training.TrainingConfig;

/**
 * Pushes labeled scans through a {@linkplain ChaosSystem system} whose processes are killed, whose
 * network is cut and whose disk fails according to a {@linkplain FaultSchedule schedule}. Checks
 * the {@linkplain Aftermath aftermath} when the backlog is empty.
 *
 * @param seed of the schedule and of the scans
 * @param scans number of scans pushed during faults, plus one for each full disk
 * @param every time between two of them
 * @param strikes number of faults
 * @param recovery longest time until the system predicts something between two faults
 * @param trainer settings of the trainer
 * @param calmScans number of scans pushed afterwards, twice, to compare what the engine holds; 0
 *     for no comparison
 */
record CrashRun(
    long seed,
    int scans,
    Duration every,
    int strikes,
    Duration recovery,
    Map<String, String> trainer,
    int calmScans) {
  static final String SEED = "chaos.seed";
  static final int EPOCHS = 3;

  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** The seed in {@code -Dchaos.seed}, otherwise a random one. */
  static long anySeed() {
    return Long.getLong(SEED, ThreadLocalRandom.current().nextLong(100_000));
  }

  /** Runs it to its end. A failed run leaves its files under {@code target}. */
  void run() throws IOException {
    Path directory = Path.of("target", "chaos", Long.toString(seed));
    try {
      remove(directory);
      strikeAndAccount(directory);
      remove(directory);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "chaos seed %d failed, run it again with -D%s=%d; logs in %s: %s"
              .formatted(seed, SEED, seed, directory.resolve("logs"), e.getMessage()),
          e);
    }
  }

  private void strikeAndAccount(Path directory) throws Exception {
    Instant begin = Instant.now();
    Map<String, String> settings = new HashMap<>(trainer);
    settings.put(TrainingConfig.EPOCHS.key(), Integer.toString(EPOCHS));
    settings.put(TrainingConfig.AUGMENT.key(), "false");
    settings.put(TrainingConfig.MIN_SCANS_PER_CLASS.key(), "1");
    try (ChaosSystem system = new ChaosSystem(directory, settings, this::say);
        RunningSystem client = system.client()) {
      KafkaSettings.connectionWithTopics(client.settings());
      client.publishModel(1);
      awaitReady(client);
      say("%d scans, %d strikes".formatted(scans, strikes));
      try (Hospital hospital = new Hospital(client, seed)) {
        pushAndStrike(system, client, hospital);
        hospital.awaitTaken(PATIENCE);
        say(
            "%d scans taken, pushed again: %s"
                .formatted(hospital.taken().size(), hospital.troubles()));
        awaitReady(client);
        if (calmScans > 0) {
          assertNoArrayIsLeftBehind(system, client, hospital);
        }
        awaitWorkedOff(client, hospital);
        trainOnAllInSpiteOfAKill(client, system.process("trainer"));
        new Aftermath(client, system.scanStore(), hospital.taken()).check();
        assertNoHeapWasTooSmall(system);
      }
      say(
          "nothing lost, nothing double; ended by themselves: %s; %d s"
              .formatted(exits(system), Duration.between(begin, Instant.now()).toSeconds()));
    }
  }

  /**
   * Faults of one moment strike together. Otherwise the system predicts something between two
   * faults, since a fault on a system that is down has no effect.
   */
  private void pushAndStrike(ChaosSystem system, RunningSystem client, Hospital hospital)
      throws Exception {
    if (system.disk().isEmpty()) {
      say("no disk may be mounted here: none fails");
    }
    List<Fault> faults =
        Arrays.stream(Fault.values())
            .filter(fault -> system.disk().isPresent() || !fault.isOfTheDisk())
            .toList();
    Deque<Strike> schedule =
        new ArrayDeque<>(
            FaultSchedule.of(seed, faults, strikes, scans - 1, (int) every.toMillis()));
    try (FaultInjector injector = new FaultInjector(system, hospital, this::say);
        Progress progress = new Progress(client)) {
      for (int pushed = 0; pushed < scans; pushed++) {
        if (!schedule.isEmpty() && schedule.peek().afterScans() == pushed) {
          progress.await(recovery);
          while (!schedule.isEmpty() && schedule.peek().afterScans() == pushed) {
            Strike strike = schedule.poll();
            TimeUnit.MILLISECONDS.sleep(strike.afterMillis());
            injector.strike(strike);
          }
        }
        hospital.push();
        TimeUnit.MILLISECONDS.sleep(every.toMillis());
      }
    }
    say("calm");
  }

  private static void awaitReady(RunningSystem client) throws InterruptedException {
    Condition.await(
        "every service ready, two scorers",
        START,
        () -> {
          SystemStatus status = SystemStatus.read(client.kafka(), client.settings());
          return status.services().values().stream().map(Readiness::state).allMatch("ready"::equals)
              && status.backlogs().get("scorer").members() == 2;
        });
  }

  private static void awaitWorkedOff(RunningSystem client, Hospital hospital)
      throws InterruptedException {
    Set<String> taken = hospital.taken().keySet();
    TrainerWatch trainer = new TrainerWatch(client);
    Condition.await(
        "nothing waits, %d scans predicted and labeled".formatted(taken.size()),
        PATIENCE,
        () ->
            SystemStatus.read(client.kafka(), client.settings()).backlogs().values().stream()
                    .allMatch(backlog -> backlog.sum() == 0)
                && RunningSystem.keys(client.now(client.topics().predictions())).containsAll(taken)
                && RunningSystem.keys(client.now(client.topics().labeledVolumes()))
                    .containsAll(taken)
                && trainer.isIdle());
  }

  /** After more scans and a training run the engine holds no additional arrays. */
  private void assertNoArrayIsLeftBehind(
      ChaosSystem system, RunningSystem client, Hospital hospital) throws Exception {
    work(client, hospital);
    final Map<String, Integer> exits = exits(system);
    Map<String, Long> before = system.engineArrays();
    work(client, hospital);
    // A scorer may be about to switch champions.
    Condition.await(
        "the engine holds as many arrays as before %d more scans and a training run, %s"
            .formatted(calmScans, before),
        PATIENCE,
        () -> system.engineArrays().equals(before));
    say("arrays of the engine, as before: " + before);
    assertThat(exits(system)).isEqualTo(exits);
  }

  private void work(RunningSystem client, Hospital hospital) throws Exception {
    for (int scan = 0; scan < calmScans; scan++) {
      hospital.push();
    }
    hospital.awaitTaken(PATIENCE);
    awaitWorkedOff(client, hospital);
    trainOnAll(client);
  }

  private void trainOnAll(RunningSystem client) throws Exception {
    TrainerWatch trainer = new TrainerWatch(client);
    trainer.trainNow();
    awaitTrainedOnAll(trainer);
  }

  /** Kills the trainer while it spools the scans, after an epoch, or while it publishes. */
  private void trainOnAllInSpiteOfAKill(RunningSystem client, Supervised process) throws Exception {
    int epochs = new SplittableRandom(seed).nextInt(EPOCHS + 1);
    TrainerWatch trainer = new TrainerWatch(client);
    Set<String> before = trainer.epochs().keySet();
    trainer.trainNow();
    Condition.await(
        "epoch %d of the last run".formatted(epochs),
        PATIENCE,
        () -> epochs == 0 ? trainer.isTraining() : trainer.epochsSince(before) >= epochs);
    process.kill();
    say("last run, after epoch %d: %s".formatted(epochs, Fault.KILL_TRAINER));
    awaitTrainedOnAll(trainer);
  }

  private static void awaitTrainedOnAll(TrainerWatch trainer) throws InterruptedException {
    Condition.await(
        "a version that was trained on everything",
        PATIENCE,
        () -> {
          if (trainer.hasTrainedOnAll()) {
            return true;
          }
          // A trainer that died before its run was planned has forgotten the run.
          if (trainer.isIdle()) {
            trainer.trainNow();
          }
          return false;
        });
  }

  private static Map<String, Integer> exits(ChaosSystem system) {
    return system.processes().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, process -> process.getValue().exits()));
  }

  private static void assertNoHeapWasTooSmall(ChaosSystem system) throws IOException {
    try (Stream<Path> logs = Files.list(system.logs())) {
      for (Path log : logs.toList()) {
        assertThat(log).content().doesNotContain(OutOfMemoryError.class.getSimpleName());
      }
    }
  }

  private void say(String what) {
    System.out.printf("[chaos seed %d] %s%n", seed, what);
  }

  private static void remove(Path directory) throws IOException {
    LoopDisk.unmountLeftOver(ChaosSystem.scanStore(directory));
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
