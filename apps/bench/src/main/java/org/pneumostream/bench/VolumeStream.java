package org.pneumostream.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.Worker;
import org.pneumostream.schemas.Topics;
import org.pneumostream.volume.InputShape;

/**
 * Streams volumes through a scorer, two in flight at any time: the next one is sent when a
 * prediction arrives, so that any delay of the scorer delays one of them. With one partition per
 * topic, predictions are seen in the order of scoring. Thread-safe.
 */
public final class VolumeStream implements AutoCloseable {
  private static final int ON_THEIR_WAY = 2;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * A volume with its prediction.
   *
   * @param modelVersion the model that scored it
   * @param millis from sending it to seeing its prediction, in ms
   */
  public record Passage(String scanId, String modelVersion, double millis) {}

  private final Topics topics;
  private final SampleVolumes volumes;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> predictions;
  // Used by the worker only.
  private final Map<String, Long> sentAt = new HashMap<>();
  private final List<Passage> passages = new ArrayList<>();
  private final Worker worker;
  private int sent;
  private volatile boolean sending = true;

  /** Starts sending; the topics exist, and earlier predictions are ignored. */
  public VolumeStream(KafkaConnection kafka, InputShape shape) {
    this.topics = kafka.topics();
    this.volumes = new SampleVolumes(shape, topics.volumes());
    // Batching requests would look like a slow scorer.
    producer = kafka.producer(Map.of());
    predictions = kafka.consumer(Map.of());
    List<TopicPartition> partitions =
        CommittedRecords.partitions(predictions, List.of(topics.predictions().name()));
    predictions.assign(partitions);
    predictions.seekToEnd(partitions);
    partitions.forEach(predictions::position);
    worker = Worker.start("volume-stream", this::round, predictions::wakeup, this::release);
  }

  /** Voxels of the volume sent under a scan id, as the network takes them. */
  public short[] voxels(String scanId) {
    return volumes.voxels(scanId);
  }

  /**
   * Waits until the last prediction seen is by a model version.
   *
   * @throws IllegalStateException if it does not arrive within a minute, or the stream has failed
   */
  public void awaitPredictionBy(String modelVersion) throws InterruptedException {
    await(
        "a prediction by model version " + modelVersion,
        () ->
            !passages.isEmpty()
                && passages.get(passages.size() - 1).modelVersion().equals(modelVersion));
  }

  /** Waits for a number of further predictions, like {@link #awaitPredictionBy}. */
  public synchronized void awaitMore(int count) throws InterruptedException {
    int enough = passages.size() + count;
    await(count + " more predictions", () -> passages.size() >= enough);
  }

  /** Stops sending and waits for in-flight volumes, like {@link #awaitPredictionBy}. */
  public void finish() throws InterruptedException {
    sending = false;
    await("the predictions of the last volumes", () -> passages.size() == sent);
  }

  /** Volumes with predictions so far, in order of their predictions. */
  public synchronized List<Passage> passages() {
    return List.copyOf(passages);
  }

  @Override
  public void close() {
    worker.close();
  }

  private void round() throws ExecutionException, InterruptedException {
    while (sending && sentAt.size() < ON_THEIR_WAY) {
      send();
    }
    predictions.poll(POLL).forEach(this::take);
  }

  private void send() throws ExecutionException, InterruptedException {
    ProducerRecord<String, byte[]> volume = volumes.record(sent);
    synchronized (this) {
      sent++;
    }
    sentAt.put(volume.key(), System.nanoTime());
    producer.send(volume).get();
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    long now = System.nanoTime();
    Long start = sentAt.remove(record.key());
    if (start == null) {
      throw new IllegalStateException(
          "scan id " + record.key() + ": a prediction of a scan that is not in flight");
    }
    String version = topics.predictions().value(record.value()).getModelVersion();
    synchronized (this) {
      passages.add(new Passage(record.key(), version, (now - start) / 1e6));
      notifyAll();
    }
  }

  private synchronized void await(String what, BooleanSupplier seen) throws InterruptedException {
    long start = System.nanoTime();
    while (!seen.getAsBoolean()) {
      if (!worker.isRunning()) {
        throw new IllegalStateException("the stream of volumes has stopped; see the log");
      }
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException(
            "%s: not seen within %d s".formatted(what, PATIENCE.toSeconds()));
      }
      wait(POLL.toMillis());
    }
  }

  private void release() {
    producer.close();
    predictions.close();
  }
}
