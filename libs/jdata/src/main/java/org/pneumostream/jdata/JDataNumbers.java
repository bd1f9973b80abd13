package org.pneumostream.jdata;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Numbers in the trees that {@link JDataDocument#tree} gives. */
public final class JDataNumbers {
  private JDataNumbers() {}

  /** A number, or the only element of a list; empty for anything else. */
  public static OptionalDouble one(@Nullable Object tree) {
    if (tree instanceof Double number) {
      return OptionalDouble.of(number);
    }
    return tree instanceof List<?> list && list.size() == 1
        ? one(list.get(0))
        : OptionalDouble.empty();
  }

  /**
   * All numbers of a number or of nested lists of numbers, in order.
   *
   * @param field whose they are, for the message if they are none
   */
  public static double[] all(String field, @Nullable Object tree) throws InvalidDataException {
    List<Double> numbers = new ArrayList<>();
    collect(field, tree, numbers);
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void collect(String field, @Nullable Object tree, List<Double> numbers)
      throws InvalidDataException {
    if (tree instanceof Double number) {
      numbers.add(number);
    } else if (tree instanceof List<?> list) {
      for (Object element : list) {
        collect(field, element, numbers);
      }
    } else if (tree instanceof String text) {
      numbers.add(special(field, text));
    } else {
      throw new InvalidDataException(field, tree, "numbers");
    }
  }

  /** JSON has no way to write what is not finite, so JData spells it. */
  public static double special(String field, String text) throws InvalidDataException {
    return switch (text) {
      case "_NaN_" -> Double.NaN;
      case "_Inf_", "+_Inf_" -> Double.POSITIVE_INFINITY;
      case "-_Inf_" -> Double.NEGATIVE_INFINITY;
      default -> throw new InvalidDataException(field, "'" + text + "'", "a number");
    };
  }
}
