package org.pneumostream.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Metrics of a service's process: the JVM, the operating system, the build. */
final class ProcessMetrics implements MeterBinder, AutoCloseable {
  private final JvmGcMetrics collections = new JvmGcMetrics();

  @Override
  public void bindTo(MeterRegistry registry) {
    List.of(
            new JvmInfoMetrics(),
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ClassLoaderMetrics(),
            collections,
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics())
        .forEach(metrics -> metrics.bindTo(registry));
    // The engine's tensors are outside the heap.
    Gauge.builder("process.resident.memory", ProcessMetrics::residentBytes)
        .description("Memory of the process, heap and native")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("pneumostream.build.info", () -> 1)
        .description("1, tagged with the version that the build wrote into the jar")
        .tag(
            "version",
            Optional.ofNullable(ProcessMetrics.class.getPackage().getImplementationVersion())
                .orElse("unpackaged"))
        .register(registry);
  }

  @Override
  public void close() {
    collections.close();
  }

  /** NaN if the system is not Linux. */
  private static double residentBytes() {
    try {
      return ResidentMemory.bytes();
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
