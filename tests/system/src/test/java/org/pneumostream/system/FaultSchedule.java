package org.pneumostream.system;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** When what is done to a running system: a function of a seed, so that a run can be had again. */
final class FaultSchedule {
  private FaultSchedule() {}

  /**
   * One fault at one moment. Time is told in scans, which is the same on a slow machine.
   *
   * @param afterScans how many scans are pushed before
   * @param afterMillis how long after that, so that not every fault meets the start of a push
   */
  record Strike(int afterScans, int afterMillis, Fault fault) {}

  /**
   * Draws a schedule: every kind of fault as often as every other, give or take one, in any order,
   * at any moment.
   *
   * @param faults kinds to draw from
   * @param strikes how many there are to be
   * @param scans number of scans after the first, up to which they fall
   * @param between most milliseconds after a scan
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
