package org.pneumostream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  // The clock may well be negative.
  private long nanoTime = -Duration.ofSeconds(40).toNanos();

  @Test
  void allowsABurstOfOneMinuteAndThenOneByOne() {
    RateLimit limit = new RateLimit(3, () -> nanoTime);

    assertThat(limit.count("a")).isZero();
    assertThat(limit.count("a")).isZero();
    assertThat(limit.count("a")).isZero();
    assertThat(limit.count("a")).isEqualTo(Duration.ofSeconds(20));
    assertThat(limit.count("b")).isZero();

    later(Duration.ofSeconds(15));
    assertThat(limit.count("a")).isEqualTo(Duration.ofSeconds(5));
    later(Duration.ofSeconds(5));
    assertThat(limit.count("a")).isZero();
    assertThat(limit.count("a")).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void anIdleClientGetsNoMoreThanABurstOfOneMinute() {
    RateLimit limit = new RateLimit(2, () -> nanoTime);
    limit.count("a");
    later(Duration.ofHours(9));

    assertThat(limit.count("a")).isZero();
    assertThat(limit.count("a")).isZero();
    assertThat(limit.count("a")).isPositive();
  }

  @Test
  void forgetsTheClientThatCalledLeastRecently() {
    RateLimit limit = new RateLimit(1, () -> nanoTime);
    limit.count("first");
    for (int client = 0; client < 9_999; client++) {
      limit.count("client " + client);
    }
    assertThat(limit.count("first")).isPositive();

    limit.count("one more");
    assertThat(limit.count("client 0")).isZero();
    assertThat(limit.count("first")).isPositive();
  }

  @Test
  void isOffAtZero() {
    RateLimit limit = new RateLimit(0, () -> nanoTime);
    for (int request = 0; request < 1000; request++) {
      assertThat(limit.count("a")).isZero();
    }
  }

  private void later(Duration time) {
    nanoTime += time.toNanos();
  }
}
