package org.pneumostream.training;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.pneumostream.schemas.ModelMetrics;

/**
 * What a model says of labeled scans.
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

  /** How well they agree with the labels; at least one scan is needed. */
  public Metrics metrics() {
    return Metrics.of(probabilities, Example.labels(examples));
  }

  /** {@link #metrics} as Kafka carries them; null without a scan. */
  public @Nullable ModelMetrics toRecord() {
    return examples.isEmpty() ? null : metrics().toRecord();
  }

  /** Those of some of the scans. */
  public Scores of(Predicate<Example> wanted) {
    return at(IntStream.range(0, examples.size()).filter(i -> wanted.test(examples.get(i))));
  }

  /** Those at these indices, in their order; an index may come more than once. */
  Scores at(IntStream indices) {
    int[] chosen = indices.toArray();
    float[] theirs = new float[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      theirs[i] = probabilities[chosen[i]];
    }
    return new Scores(IntStream.of(chosen).mapToObj(examples::get).toList(), theirs);
  }
}
