package org.pneumostream.classifier;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The network's weights: named, immutable float32 tensors and string metadata, exchanged as a
 * safetensors file that {@code safetensors.torch.load_file} reads.
 *
 * <p>Convolution kernels are (out, in, kernel along W, H, D), dense kernels (out, in).
 */
public final class ModelWeights {

  /** Identifies the network these weights belong to. */
  public static final String ARCHITECTURE = "cnn3d-64-64-128-256-512";

  /** Key of {@link #ARCHITECTURE} in the metadata. */
  public static final String ARCHITECTURE_KEY = "architecture";

  private final Map<String, float[]> tensors;
  private final Map<String, String> metadata;

  /** Takes ownership of the arrays; their names and sizes have been checked. */
  ModelWeights(Map<String, float[]> tensors, Map<String, String> metadata) {
    this.tensors = tensors;
    Map<String, String> complete = new TreeMap<>(metadata);
    complete.put(ARCHITECTURE_KEY, ARCHITECTURE);
    this.metadata = Collections.unmodifiableMap(complete);
  }

  /**
   * Weights before training, as Keras draws them by default: kernels Glorot uniform (within ±√(6 /
   * (fan in + fan out))), biases 0; BatchNorm's scale and running variance 1, the rest 0. The same
   * seed gives the same weights.
   */
  public static ModelWeights initial(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (TensorSpec spec : tensors()) {
      float[] values = new float[spec.size()];
      if (spec.shape().size() > 1) {
        int perOutput = spec.size() / spec.shape().get(0);
        int perInput = spec.size() / spec.shape().get(1);
        double limit = Math.sqrt(6.0 / (perOutput + perInput));
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
        }
      } else if (spec.name().endsWith("norm.weight") || spec.name().endsWith("running_var")) {
        Arrays.fill(values, 1f);
      }
      tensors.put(spec.name(), values);
    }
    return new ModelWeights(tensors, Map.of());
  }

  /**
   * Reads a safetensors file. A file without metadata is accepted; a file for another architecture
   * is refused.
   *
   * @throws ModelException naming the tensor that is missing, unknown, misshapen, not float32 or
   *     not finite, or another fault
   */
  public static ModelWeights fromSafetensors(byte[] file) {
    Safetensors.Content content = Safetensors.read(file, tensors());
    return of(content.tensors(), content.metadata());
  }

  /**
   * Reads a safetensors file that was published with its hash.
   *
   * @param safetensors the file, or null if none was published
   * @param sha256 its {@linkplain #hash(byte[]) model hash}, as published
   * @throws ModelException if the file is null, has another hash, or cannot be read
   */
  public static ModelWeights published(@Nullable ByteBuffer safetensors, String sha256) {
    if (safetensors == null) {
      throw new ModelException("weights are missing");
    }
    byte[] file = new byte[safetensors.remaining()];
    safetensors.duplicate().get(file);
    String found = hash(file);
    if (!found.equals(sha256)) {
      throw new ModelException("sha256: '%s', expected '%s'".formatted(found, sha256));
    }
    return fromSafetensors(file);
  }

  /** Takes ownership of tensors from a file whose names, sizes and values were checked. */
  static ModelWeights of(Map<String, float[]> tensors, Map<String, String> metadata) {
    String architecture = metadata.getOrDefault(ARCHITECTURE_KEY, ARCHITECTURE);
    if (!architecture.equals(ARCHITECTURE)) {
      throw new ModelException("architecture must be " + ARCHITECTURE + " but is " + architecture);
    }
    tensors.forEach(ModelWeights::requireVariance);
    return new ModelWeights(tensors, metadata);
  }

  /** The weights as a safetensors file; the same weights and metadata give the same bytes. */
  public byte[] toSafetensors() {
    return Safetensors.write(tensors(), tensors, metadata);
  }

  /** The model hash: lowercase hex SHA-256 of a safetensors file's bytes. */
  public static String hash(byte[] safetensors) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(safetensors));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The {@linkplain #hash(byte[]) model hash} of {@link #toSafetensors}. */
  public String hash() {
    return hash(toSafetensors());
  }

  /** Strings by key, sorted; always includes {@value #ARCHITECTURE_KEY}. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The same tensors with {@code entries} added to the metadata, replacing equal keys. */
  public ModelWeights withMetadata(Map<String, String> entries) {
    Map<String, String> merged = new TreeMap<>(metadata);
    merged.putAll(entries);
    return new ModelWeights(tensors, merged);
  }

  /**
   * A copy of one tensor's values in C order.
   *
   * @throws IllegalArgumentException if the network has no tensor of this name
   */
  public float[] tensor(String name) {
    float[] values = tensors.get(name);
    if (values == null) {
      throw new IllegalArgumentException("the network has no tensor " + name);
    }
    return values.clone();
  }

  /** Names and shapes of all tensors, in the order of the file. */
  public static List<TensorSpec> tensors() {
    return Architecture.TENSORS;
  }

  /** Number of values in all tensors: 1,352,897. */
  public static int parameterCount() {
    return tensors().stream().mapToInt(TensorSpec::size).sum();
  }

  /** Number of values that training changes by gradient: 1,351,873. */
  public static int trainableParameterCount() {
    return tensors().stream().filter(Architecture::isTrainable).mapToInt(TensorSpec::size).sum();
  }

  private static void requireVariance(String name, float[] values) {
    if (!name.endsWith(".running_var")) {
      return;
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0) {
        throw new ModelException(
            "tensor " + name + ": value " + i + " must not be negative but is " + values[i]);
      }
    }
  }
}
