package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ProbeTest {
  private final SynchronousQueue<Object> looks = new SynchronousQueue<>();

  @Test
  void reportsOnlyTheLatestLook() throws Exception {
    try (Probe probe = Probe.start("store", this::look)) {
      assertThat(probe.problem()).isEqualTo("store has not answered yet");

      looks.put(new IOException("no disk"));
      awaitProblem(probe, "store: no disk");
      looks.put("full");
      awaitProblem(probe, "store: full");
      looks.put(new IllegalStateException());
      awaitProblem(probe, "store: java.lang.IllegalStateException");
      looks.put("");
      awaitProblem(probe, "");
    }
  }

  /** Like a network file system without its server. */
  @Test
  void aLookThatHangsIsAProblem() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (Probe probe =
        Probe.start(
            "store",
            () -> {
              never.await();
              return "";
            })) {
      while (!probe.problem().matches("store has not answered for \\d+ s")) {
        Thread.sleep(20);
      }
    }
  }

  private String look() throws Exception {
    Object look = looks.take();
    if (look instanceof Exception e) {
      throw e;
    }
    return (String) look;
  }

  private static void awaitProblem(Probe probe, String expected) throws InterruptedException {
    while (!probe.problem().equals(expected)) {
      Thread.sleep(20);
    }
  }
}
