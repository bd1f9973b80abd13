package org.pneumostream.system;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** A schedule of faults; it depends only on a seed, so that a run can be repeated. */
final class FaultSchedule {
  private FaultSchedule() {}

  /**
   * A fault at a moment. Time is counted in scans, which does not depend on the machine's speed.
   *
   * @param afterScans number of scans pushed before
   * @param afterMillis delay after that, so that not every fault meets the start of a push
   */
  record Strike(int afterScans, int afterMillis, Fault fault) {}

  /**
   * Draws a schedule: all kinds of faults equally often, give or take one, in any order, at any
   * moment.
   *
   * @param faults kinds to draw from
   * @param strikes number of faults
   * @param scans number of scans after the first, up to which they occur
   * @param between longest delay after a scan, in ms
   */
  static List<Strike> of(long seed, List<Fault> faults, int strikes, int scans, int between) {
    Random random = new Random(new SplittableRandom(seed).nextLong());
    List<Fault> drawn = new ArrayList<>();
    while (drawn.size() < strikes) {
      List<Fault> all = new ArrayList<>(faults);
      Collections.shuffle(all, random);
      drawn.addAll(all.subList(0, Math.min(all.size(), strikes - drawn.size())));
    }
    List<Integer> moments = random.ints(strikes, 1, scans + 1).sorted().boxed().toList();
    List<Strike> schedule = new ArrayList<>();
    for (int i = 0; i < strikes; i++) {
      schedule.add(new Strike(moments.get(i), random.nextInt(between), drawn.get(i)));
    }
    return schedule;
  }
}
