package org.pneumostream.system;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pneumostream.system.FaultSchedule.Strike;

/**
 * Inflicts scheduled faults on a system. Long faults run in the background; closing waits for them.
 */
final class FaultInjector implements AutoCloseable {
  /** Longer than the session timeout, so that the other scorer takes over. */
  private static final Duration CUT = Duration.ofSeconds(14);

  private static final Duration SLOW = Duration.ofSeconds(8);
  private static final Duration REFUSAL = Duration.ofMinutes(2);

  private final ChaosSystem system;
  private final Hospital hospital;
  private final Consumer<String> tell;
  private CompletableFuture<Void> network = CompletableFuture.completedFuture(null);
  private CompletableFuture<Void> disk = CompletableFuture.completedFuture(null);

  /**
   * @param hospital detects that a disk is full
   * @param tell receives messages about the progress
   */
  FaultInjector(ChaosSystem system, Hospital hospital, Consumer<String> tell) {
    this.system = system;
    this.hospital = hospital;
    this.tell = tell;
  }

  void strike(Strike strike) throws InterruptedException {
    tell.accept("%3d scans: %s".formatted(strike.afterScans(), strike.fault()));
    switch (strike.fault()) {
      case CUT_NETWORK -> network = then(network, this::cut);
      // Only one fault of the disk at a time.
      case FILL_DISK -> disk = then(disk, this::fill);
      case SLOW_DISK -> disk = then(disk, () -> system.disk().orElseThrow().stutter(SLOW));
      default -> system.process(strike.fault().victim().orElseThrow()).kill();
    }
  }

  @Override
  public void close() {
    network.join();
    disk.join();
  }

  private void cut() throws Exception {
    system.link().cut();
    TimeUnit.MILLISECONDS.sleep(CUT.toMillis());
    system.link().mend();
    tell.accept("the network is whole again");
  }

  private void fill() throws Exception {
    LoopDisk full = system.disk().orElseThrow();
    full.fill();
    try {
      hospital.pushUntilStoreRefuses(REFUSAL);
    } finally {
      full.drain();
    }
    tell.accept("the disk has room again");
  }

  private interface Work {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> then(CompletableFuture<Void> before, Work work) {
    return before.thenRunAsync(
        () -> {
          try {
            work.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
