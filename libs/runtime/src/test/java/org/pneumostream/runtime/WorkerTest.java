package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkerTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Semaphore rounds = new Semaphore(0);
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final CompletableFuture<Thread> closedBy = new CompletableFuture<>();

  @Test
  void runsRoundsUntilItIsClosed() throws Exception {
    rounds.release(3);
    CountDownLatch fourth = new CountDownLatch(4);
    Worker worker =
        start(
            () -> {
              fourth.countDown();
              rounds.acquire();
              done.incrementAndGet();
            },
            rounds::release);
    fourth.await();
    assertThat(worker.isRunning()).isTrue();
    assertThat(worker.stopped()).isNotDone();
    assertThat(closed).hasValue(0);

    worker.close();

    // The wake-up lets the fourth round end, and there is no fifth.
    assertThat(done).hasValue(4);
    assertThat(worker.stopped()).isCompleted();
    assertThat(worker.isRunning()).isFalse();
    assertThat(closed).hasValue(1);
  }

  @Test
  void worksAndClosesItsResourcesOnItsOwnThread() {
    CompletableFuture<Thread> ranBy = new CompletableFuture<>();
    Worker worker =
        start(
            () -> {
              ranBy.complete(Thread.currentThread());
              rounds.acquire();
            },
            rounds::release);
    ranBy.join();

    worker.close();

    assertThat(ranBy.join().getName()).isEqualTo("work");
    assertThat(ranBy.join()).isNotSameAs(Thread.currentThread());
    assertThat(closedBy).isCompletedWithValue(ranBy.join());
  }

  @Test
  void endsWithTheFailureOfARoundAndClosesItsResources() {
    IllegalStateException failure = new IllegalStateException("no more memory");
    Worker worker =
        start(
            () -> {
              if (done.incrementAndGet() == 2) {
                throw failure;
              }
            },
            () -> {});

    assertThat(worker.stopped())
        .failsWithin(SOON)
        .withThrowableThat()
        .havingCause()
        .isSameAs(failure);
    assertThat(worker.isRunning()).isFalse();
    assertThat(done).hasValue(2);
    worker.close();
    assertThat(closed).hasValue(1);
  }

  @Test
  void endsWithAnErrorOfTheJvmToo() {
    Worker worker =
        start(
            () -> {
              throw new OutOfMemoryError("Direct buffer memory");
            },
            () -> {});

    assertThat(worker.stopped())
        .failsWithin(SOON)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(OutOfMemoryError.class);
    worker.close();
    assertThat(closed).hasValue(1);
  }

  @Test
  void keepsTheRoundsFailureWhenClosingFailsAsWell() {
    IllegalStateException failure = new IllegalStateException("round");
    Worker worker =
        Worker.start(
            "work",
            () -> {
              throw failure;
            },
            () -> {},
            () -> {
              throw new IllegalStateException("close");
            });

    assertThat(worker.stopped())
        .failsWithin(SOON)
        .withThrowableThat()
        .havingCause()
        .isSameAs(failure);
  }

  @Test
  void anExceptionOfTheWakeUpAtCloseIsNotAFailure() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    Worker worker =
        start(
            () -> {
              waiting.countDown();
              rounds.acquire();
              throw new WakeupException();
            },
            rounds::release);
    waiting.await();

    worker.close();

    assertThat(worker.stopped()).isCompleted();
    assertThat(closed).hasValue(1);
  }

  @Test
  void anUnexpectedWakeUpIsAFailure() {
    rounds.release();
    Worker worker =
        start(
            () -> {
              rounds.acquire();
              throw new WakeupException();
            },
            () -> {});

    assertThat(worker.stopped())
        .failsWithin(SOON)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(WakeupException.class);
  }

  @Test
  void reportsAFailureBeforeItsResourcesAreClosed() {
    CountDownLatch told = new CountDownLatch(1);
    Worker worker =
        Worker.start(
            "work",
            () -> {
              throw new IllegalStateException("round");
            },
            () -> {},
            told::await);

    assertThat(worker.stopped()).failsWithin(SOON);
    assertThat(worker.isRunning()).isFalse();
    told.countDown();
    worker.close();
  }

  @Test
  void reportsItsStopOnlyAfterItsResourcesAreClosed() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();
    Worker worker =
        Worker.start("work", rounds::acquire, rounds::release, () -> order.add("closed"));
    CompletableFuture<Boolean> told =
        worker.stopped().handle((value, failure) -> order.add("stopped"));

    worker.close();

    assertThat(told).succeedsWithin(SOON);
    assertThat(order).containsExactly("closed", "stopped");
  }

  @Test
  void canBeClosedTwice() {
    Worker worker = start(rounds::acquire, rounds::release);

    worker.close();
    worker.close();

    assertThat(worker.stopped()).isCompleted();
    assertThat(closed).hasValue(1);
  }

  @Test
  void repeatsItsRoundAfterEachInterval() throws Exception {
    CountDownLatch third = new CountDownLatch(3);

    try (Worker worker = Worker.every("work", Duration.ofMillis(1), third::countDown)) {
      third.await();
      assertThat(worker.isRunning()).isTrue();
    }
  }

  @Test
  void closingEndsAPause() throws Exception {
    Worker worker =
        Worker.every("work", Duration.ofDays(1), () -> rounds.release(done.incrementAndGet()));
    rounds.acquire();

    worker.close();

    assertThat(worker.stopped()).isCompleted();
    assertThat(done).hasValue(1);
  }

  @Test
  void tellsALongRoundThatItIsBeingClosed() throws Exception {
    Worker worker =
        Worker.pausing(
            "work",
            closing -> {
              rounds.release();
              while (!closing.getAsBoolean()) {
                Thread.onSpinWait();
              }
              done.incrementAndGet();
              return Duration.ofDays(1);
            });
    rounds.acquire();

    worker.close();

    assertThat(worker.stopped()).isCompleted();
    assertThat(done).hasValue(1);
  }

  private Worker start(Worker.Round round, Runnable wakeUp) {
    return Worker.start(
        "work",
        round,
        wakeUp,
        () -> {
          closed.incrementAndGet();
          closedBy.complete(Thread.currentThread());
        });
  }
}
