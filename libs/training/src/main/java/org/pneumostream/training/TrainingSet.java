package org.pneumostream.training;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pneumostream.schemas.Finding;
import org.pneumostream.volume.FixedPoint;
import org.pneumostream.volume.InputShape;

/**
 * Labeled volumes of one shape, spooled to a file of fixed-size {@linkplain SpoolRecord records}.
 * Memory holds an index of some hundred bytes per scan, never the voxels. Examples are ordered by
 * scan id, in whatever order they were added. For one thread.
 */
public final class TrainingSet implements AutoCloseable {
  /** Full scale of a fixed point voxel. */
  private record Entry(SpooledScan scan, long slot) {}

  private final Path path;
  private final FileChannel file;
  private final InputShape shape;
  private final ByteBuffer record;
  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private final SortedMap<String, String> leftOut = new TreeMap<>();
  private final Deque<Long> free = new ArrayDeque<>();
  private long slots;

  /** Examples of the entries; null after a change. */
  private @Nullable List<Example> examples;

  private TrainingSet(Path path, InputShape shape, StandardOpenOption existence) {
    this.path = path;
    this.shape = shape;
    this.record = SpoolRecord.allocate(shape.voxels());
    try {
      this.file =
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, existence);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * Creates an empty set in a new file.
   *
   * @throws UncheckedIOException if the file exists or cannot be written
   */
  public static TrainingSet create(Path file, InputShape shape) {
    return new TrainingSet(file, shape, StandardOpenOption.CREATE_NEW);
  }

  /**
   * Opens the set that another process spooled.
   *
   * @throws UncheckedIOException if the file does not exist or does not hold a whole number of
   *     records
   */
  public static TrainingSet open(Path file, InputShape shape) {
    TrainingSet set = new TrainingSet(file, shape, StandardOpenOption.READ);
    try {
      set.index();
      return set;
    } catch (RuntimeException e) {
      set.close();
      throw e;
    }
  }

  private void index() {
    try {
      if (file.size() % record.capacity() != 0) {
        throw new IOException(
            "%d bytes, expected a multiple of %d".formatted(file.size(), record.capacity()));
      }
      slots = file.size() / record.capacity();
    } catch (IOException e) {
      throw failure(e);
    }
    for (long slot = 0; slot < slots; slot++) {
      record.clear().limit(SpoolRecord.HEADER_BYTES);
      transfer(slot, file::read);
      if (SpoolRecord.isFree(record)) {
        free.push(slot);
      } else {
        SpooledScan scan = SpoolRecord.scan(record);
        entries.put(scan.scanId(), new Entry(scan, slot));
      }
    }
  }

  /** Adds an example, or replaces the one of the same scan. */
  public void put(String scanId, String splitKey, Finding finding, short[] voxels) {
    if (voxels.length != shape.voxels()) {
      throw new IllegalArgumentException(
          "voxels: %d, expected %d for %s".formatted(voxels.length, shape.voxels(), shape));
    }
    SpooledScan scan = SpooledScan.of(scanId, splitKey, finding, voxels);
    SpoolRecord.write(record, scan, voxels);
    Entry former = entries.get(scanId);
    long slot = former != null ? former.slot() : free.isEmpty() ? slots++ : free.pop();
    transfer(slot, file::write);
    entries.put(scanId, new Entry(scan, slot));
    examples = null;
    leftOut.remove(scanId);
  }

  /** Removes a scan's example, if there is one. */
  public void remove(String scanId) {
    Entry entry = entries.remove(scanId);
    if (entry != null) {
      SpoolRecord.writeFree(record);
      transfer(entry.slot(), file::write);
      free.push(entry.slot());
      examples = null;
    }
    leftOut.remove(scanId);
  }

  /**
   * Excludes a scan whose latest example cannot be trained on; removes an earlier one.
   *
   * @param reason the same text for the same kind of fault, so that faults can be counted
   */
  public void leaveOut(String scanId, String reason) {
    remove(scanId);
    leftOut.put(scanId, reason);
  }

  /** Number of scans excluded, by reason. */
  public Map<String, Long> leftOut() {
    return leftOut.values().stream()
        .collect(Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
  }

  /** The same, including the examples that are on no side of a split. */
  public Map<String, Long> leftOut(Split split) {
    Map<String, Long> all = new TreeMap<>(leftOut());
    long onNoSide = examples().stream().filter(e -> e.subset(split).isEmpty()).count();
    if (onNoSide > 0) {
      all.put("voxels are on another side of the split under another key", onNoSide);
    }
    return all;
  }

  public InputShape shape() {
    return shape;
  }

  /** All examples, ordered by scan id. */
  public List<Example> examples() {
    if (examples == null) {
      examples = SpooledScan.examples(entries.values().stream().map(Entry::scan).toList());
    }
    return examples;
  }

  /** The examples on one side of a split, ordered by scan id. */
  public List<Example> examples(Split split, Subset subset) {
    Optional<Subset> wanted = Optional.of(subset);
    return examples().stream().filter(e -> e.subset(split).equals(wanted)).toList();
  }

  /** An example's voxels as 16-bit unsigned fixed point, {@code q / 65535}, depth fastest. */
  public short[] fixedPoint(Example example) {
    Entry entry = entries.get(example.scanId());
    if (entry == null) {
      throw new IllegalArgumentException("scan " + example.scanId() + " is not in " + path);
    }
    record.clear();
    transfer(entry.slot(), file::read);
    if (!SpoolRecord.scan(record).equals(entry.scan())) {
      throw new UncheckedIOException(
          new IOException(path + ": record " + entry.slot() + " was changed since it was written"));
    }
    short[] voxels = new short[shape.voxels()];
    SpoolRecord.voxels(record, voxels);
    return voxels;
  }

  /** An example's voxels in [0, 1], depth fastest. */
  public float[] voxels(Example example) {
    return FixedPoint.toFloats(fixedPoint(example));
  }

  /** Returns when all examples are on disk. */
  public void force() {
    try {
      file.force(false);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Closes the file without deleting it. */
  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Reads or writes at a position; returns the number of bytes, -1 at the file's end. */
  private interface Transfer {
    int at(ByteBuffer buffer, long position) throws IOException;
  }

  private void transfer(long slot, Transfer transfer) {
    long start = Math.multiplyExact(slot, (long) record.capacity());
    try {
      while (record.hasRemaining()) {
        if (transfer.at(record, start + record.position()) < 0) {
          throw new EOFException("ends within record " + slot);
        }
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private UncheckedIOException failure(IOException cause) {
    return new UncheckedIOException("training set " + path + ": " + cause.getMessage(), cause);
  }
}
