package org.pneumostream.system;

import java.util.concurrent.atomic.AtomicInteger;
import org.pneumostream.training.EpochResult;
import org.pneumostream.training.TrainingCounts;
import org.pneumostream.training.TrainingListener;

/** Number of concurrent runs. */
final class OverlappingRuns {
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
