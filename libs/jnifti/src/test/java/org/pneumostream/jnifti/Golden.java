package org.pneumostream.jnifti;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A scan made by {@code src/test/python/make_golden.py}, and what nibabel says that it holds. */
record Golden(
    Path file,
    Format format,
    ByteOrder byteOrder,
    List<Integer> dims,
    String datatype,
    double slope,
    double intercept,
    double[] spacingMm,
    Optional<double[]> affine,
    String orientation,
    String description) {
  static final Path FOLDER = folder();

  private static Path folder() {
    try {
      return Path.of(Golden.class.getResource("/golden/scans.tsv").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<Golden> scans() {
    try {
      List<String> lines = Files.readAllLines(FOLDER.resolve("scans.tsv"));
      return lines.stream().skip(1).map(Golden::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Golden of(String line) {
    String[] column = line.split("\t", -1);
    return new Golden(
        FOLDER.resolve(column[0]),
        Format.valueOf(column[1]),
        column[2].equals("little") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN,
        Arrays.stream(column[3].split("x")).map(Integer::valueOf).toList(),
        column[4],
        Double.parseDouble(column[5]),
        Double.parseDouble(column[6]),
        numbers(column[7]),
        column[8].equals("none") ? Optional.empty() : Optional.of(numbers(column[8])),
        column[9],
        column[10]);
  }

  static double[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  /** Values of all voxels, first axis fastest. */
  double[] values() throws IOException {
    String name = file.getFileName().toString();
    Path values = FOLDER.resolve(name.substring(0, name.indexOf('.')) + ".f64");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(values)).order(ByteOrder.LITTLE_ENDIAN);
    double[] numbers = new double[bytes.remaining() / Double.BYTES];
    bytes.asDoubleBuffer().get(numbers);
    return numbers;
  }

  @Override
  public String toString() {
    return file.getFileName().toString();
  }
}
