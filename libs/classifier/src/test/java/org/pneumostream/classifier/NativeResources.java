package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * What a leak is made of, counted: arrays in the engine's memory, direct buffers, open files. How
 * much memory the allocator holds is not part of it.
 */
record NativeResources(int arrays, long directBuffers, long openFiles) {

  private static final int WARM_UP = 3;

  /** Asserts that {@code work}, done {@code times} times more, leaves nothing behind. */
  static void assertNothingLeftBy(int times, Runnable work) throws InterruptedException {
    repeat(WARM_UP, work);
    NativeResources before = now();
    repeat(times, work);
    NativeResources after = now();
    assertThat(after.arrays).as("native arrays after %d calls", times).isEqualTo(before.arrays);
    assertThat(after.directBuffers)
        .as("direct buffers after %d calls", times)
        .isLessThanOrEqualTo(before.directBuffers);
    assertThat(after.openFiles)
        .as("open files after %d calls", times)
        .isLessThanOrEqualTo(before.openFiles);
  }

  private static NativeResources now() throws InterruptedException {
    collectGarbage();
    // The first reference may be handled ahead of what the same collection has found; whatever is
    // handled after it waits for all of that.
    collectGarbage();
    return new NativeResources(
        NativeArrays.alive(),
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getCount)
            .sum(),
        ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
            .getOpenFileDescriptorCount());
  }

  /** Collects garbage, and waits until a reference that the collection has found is handled. */
  private static void collectGarbage() throws InterruptedException {
    ReferenceQueue<Object> handled = new ReferenceQueue<>();
    WeakReference<Object> reference = new WeakReference<>(new Object(), handled);
    System.gc();
    assertThat(handled.remove()).isSameAs(reference);
  }

  private static void repeat(int times, Runnable work) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }
}
