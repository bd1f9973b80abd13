package org.pneumostream.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelMetadata;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.SplitKey;
import org.pneumostream.schemas.SplitRule;

/**
 * A split that a model's weights, or weights that they started from, were trained with. It tells
 * which scans they cannot have learned from, whether these existed then or not. A list has the
 * model's own split first.
 *
 * @param by key of the split
 * @param split the split
 */
public record LearnedSplit(SplitKey by, Split split) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<LearnedSplit>> LIST = new TypeReference<>() {};

  public LearnedSplit {
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(split, "split");
  }

  /** The scans that are new to models of all of these splits; all scans, if no split is known. */
  public static Predicate<Example> newToAll(List<LearnedSplit> splits) {
    return example -> splits.stream().allMatch(split -> split.isNew(example));
  }

  /** Whether neither the scan nor any of its group can have been trained on. */
  public boolean isNew(Example example) {
    return switch (by) {
      case STUDY_OR_SCAN -> isNew(example.group().splitHashes());
      case SCAN -> isNew(example.group().scanHashes());
      case UNKNOWN -> false;
    };
  }

  private boolean isNew(Collection<Long> hashes) {
    return Group.side(split, hashes) != Subset.TRAINING;
  }

  /** The splits of a version; empty if it has no lineage, or the lineage does not tell. */
  public static List<LearnedSplit> of(@Nullable Lineage lineage) {
    if (lineage == null) {
      return List.of();
    }
    List<LearnedSplit> splits = new ArrayList<>();
    for (SplitRule rule : lineage.getSplits()) {
      splits.add(
          new LearnedSplit(
              rule.getBy(), new Split(rule.getValidation(), rule.getHoldout(), rule.getDraw())));
    }
    return splits;
  }

  /** Its own split, then those of the weights that it starts from, without duplicates. */
  public static List<LearnedSplit> startingFrom(LearnedSplit own, List<LearnedSplit> parents) {
    Set<LearnedSplit> splits = new LinkedHashSet<>();
    splits.add(own);
    splits.addAll(parents);
    return List.copyOf(splits);
  }

  public static List<SplitRule> toLineage(List<LearnedSplit> splits) {
    return splits.stream()
        .map(of -> new SplitRule(of.by, of.split.validation(), of.split.holdout(), of.split.draw()))
        .toList();
  }

  /**
   * The splits in a model file's metadata; empty if it has none.
   *
   * @throws ModelException if the metadata is not a list of splits
   */
  public static List<LearnedSplit> of(ModelWeights weights) {
    String text = weights.metadata().getOrDefault(ModelMetadata.TRAINING_SPLITS, "[]");
    try {
      return List.copyOf(JSON.readValue(text, LIST));
    } catch (JsonProcessingException | NullPointerException e) {
      throw new ModelException(
          "metadata %s: '%s', expected a JSON array of splits"
              .formatted(ModelMetadata.TRAINING_SPLITS, text),
          e);
    }
  }

  /** Adds these splits to the weights' metadata. */
  public static ModelWeights note(List<LearnedSplit> splits, ModelWeights weights) {
    try {
      return weights.withMetadata(
          Map.of(ModelMetadata.TRAINING_SPLITS, JSON.writeValueAsString(splits)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("splits " + splits, e);
    }
  }
}
