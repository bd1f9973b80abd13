package org.pneumostream.terminal;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pneumostream.training.EpochResult;
import org.pneumostream.training.StepProgress;
import org.pneumostream.training.TrainingCounts;
import org.pneumostream.training.TrainingListener;

/** Shows a training run: a bar for reading the set, one for each epoch, a line after each. */
public final class TrainingProgress implements TrainingListener {
  private @Nullable Progress bar;
  private int epoch;

  @Override
  public void waiting() {
    System.err.println("waiting: another process is training this model");
  }

  @Override
  public void reading(long read, long records) {
    if (bar == null) {
      bar = Progress.of("reading the training set", records);
    }
    bar.to(read);
    if (read == records) {
      endBar();
    }
  }

  @Override
  public void started(TrainingCounts counts) {
    endBar();
    // The listener may see several runs.
    epoch = 0;
    System.err.println(counts);
  }

  @Override
  public void step(StepProgress progress) {
    if (bar == null || progress.epoch() != epoch) {
      endBar();
      epoch = progress.epoch();
      bar = Progress.of("epoch %d/%d".formatted(epoch, progress.epochs()), progress.steps());
    }
    bar.to(progress.step(), String.format(Locale.ROOT, "loss %.4f", progress.loss()));
  }

  @Override
  public void epoch(EpochResult result) {
    endBar();
    System.err.println(result.summary());
  }

  private void endBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
