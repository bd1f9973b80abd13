package org.pneumostream.bench;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.preprocessing.Preprocessing;

/**
 * Converts a {@code .nii.gz} in memory to voxels, compared with only inflating the same bytes with
 * {@code java.util.zip}, a lower bound.
 */
public final class PreprocessBench {
  private static final int WARM_UP = 5;
  private static final int BUFFER_BYTES = 1 << 16;

  private final byte[] file;
  private final int runs;

  public PreprocessBench(byte[] file, int runs) {
    this.file = file;
    this.runs = runs;
  }

  /** Runs the benchmark; returns figures by name. */
  public Map<String, Object> run() throws Exception {
    Timings[] timings = Timings.inTurn(WARM_UP, runs, this::preprocess, this::inflate);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    preprocess();
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("median_ms", timings[0].median());
    figures.put("min_ms", timings[0].min());
    figures.put("runs", runs);
    figures.put("threads", 1);
    figures.put("inflate_median_ms", timings[1].median());
    figures.put("inflate_min_ms", timings[1].min());
    figures.put("ratio", timings[0].median() / timings[1].median());
    figures.put("file_bytes", file.length);
    figures.put("inflated_bytes", inflate());
    figures.put("allocated_bytes", allocated);
    return figures;
  }

  private void preprocess() {
    try (NiftiReader scan = NiftiReader.open(new ByteArrayInputStream(file), ReadLimits.DEFAULT)) {
      Preprocessing.DEFAULT.apply(scan);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long inflate() throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file), BUFFER_BYTES)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      long total = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        total += read;
      }
      return total;
    }
  }
}
