package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * Resources that can leak, counted: arrays in the engine's memory, direct buffers, open files. The
 * allocator's own memory is not counted.
 */
record NativeResources(int arrays, long directBuffers, long openFiles) {

  private static final int WARM_UP = 3;

  /** Asserts that {@code times} more repetitions of {@code work} leak nothing. */
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
    // The first reference may be handled before the others that the same collection found. A
    // reference of a second collection comes after all of them.
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

  /** Collects garbage, and waits until a reference found by the collection has been handled. */
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
