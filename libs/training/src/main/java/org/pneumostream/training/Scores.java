package org.pneumostream.training;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.pneumostream.schemas.ModelMetrics;

/**
 * A model's probabilities for labeled scans.
 *
 * @param examples the scans
 * @param probabilities of ABNORMAL, one for each example
 */
public record Scores(List<Example> examples, float[] probabilities) {
  public Scores {
    if (examples.size() != probabilities.length) {
      throw new IllegalArgumentException(
          "%d probabilities for %d scans".formatted(probabilities.length, examples.size()));
    }
  }

  /** Compares them with the labels; needs at least one scan. */
  public Metrics metrics() {
    return Metrics.of(probabilities, Example.labels(examples));
  }

  /** {@link #metrics} in their Avro form; null without scans. */
  public @Nullable ModelMetrics toRecord() {
    return examples.isEmpty() ? null : metrics().toRecord();
  }

  /** The scores of a selection of the scans. */
  public Scores of(Predicate<Example> wanted) {
    return at(IntStream.range(0, examples.size()).filter(i -> wanted.test(examples.get(i))));
  }

  /** The scores at these indices, in order; indices may repeat. */
  Scores at(IntStream indices) {
    int[] chosen = indices.toArray();
    float[] theirs = new float[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      theirs[i] = probabilities[chosen[i]];
    }
    return new Scores(IntStream.of(chosen).mapToObj(examples::get).toList(), theirs);
  }
}
