package org.pneumostream.trainer;

import org.pneumostream.training.EpochResult;
import org.pneumostream.training.TrainingCounts;
import org.pneumostream.training.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs one line per epoch. */
final class EpochLog implements TrainingListener {
  private static final Logger log = LoggerFactory.getLogger(EpochLog.class);

  @Override
  public void started(TrainingCounts counts) {
    log.info("{}", counts);
  }

  @Override
  public void epoch(EpochResult result) {
    log.info("{}", result.summary());
  }
}
