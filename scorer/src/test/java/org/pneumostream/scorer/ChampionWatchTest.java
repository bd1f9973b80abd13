package org.pneumostream.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pneumostream.classifier.Precision;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.schemas.ModelVersion;

/** A watch over a models topic whose records arrive one at a time. */
class ChampionWatchTest {
  private final ScorerFixture fixture = new ScorerFixture();
  private final TopicPartition partition = new TopicPartition(fixture.topics.models().name(), 0);
  private final List<ConsumerRecord<String, byte[]>> models = new ArrayList<>();
  private final OneAtATime consumer = new OneAtATime();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private ChampionWatch watch;

  /** Returns records again after a seek, like a broker. */
  private final class OneAtATime extends MockConsumer<String, byte[]> {
    private boolean away;

    OneAtATime() {
      super("earliest");
      setMaxPollRecords(1);
    }

    @Override
    public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
      models.stream()
          .filter(record -> record.offset() >= position(partition))
          .limit(1)
          .forEach(this::addRecord);
      return super.poll(timeout);
    }

    @Override
    public synchronized Map<TopicPartition, Long> endOffsets(
        Collection<TopicPartition> partitions) {
      if (away) {
        throw new TimeoutException("no answer");
      }
      return Map.of(partition, (long) models.size());
    }
  }

  @BeforeEach
  void start() {
    consumer.updateBeginningOffsets(Map.of(partition, 0L));
    watch =
        new ChampionWatch(
            new ModelCatalogue(fixture.topics.models(), "pneumonia", consumer),
            ScorerFixture.SHAPE,
            Precision.FULL,
            new ScorerMetrics(meters, fixture.topics, InstantSource.fixed(ScorerFixture.NOW)));
  }

  @AfterEach
  void close() {
    watch.close();
  }

  @Test
  void neverLoadsFormerChampions() {
    for (String version : List.of("1", "2", "3")) {
      publish(ScorerFixture.model(version, Long.parseLong(version)));
      crown(ScorerFixture.model(version, Long.parseLong(version)));
    }
    crown(ScorerFixture.model("2", 2));

    assertThat(takenUpInTwentyRounds()).containsExactly("2");
  }

  @Test
  void skipsChampionsReplacedWhileTheScorerWasDown() {
    publish(ScorerFixture.model("1", 1));
    crown(ScorerFixture.model("1", 1));
    assertThat(takenUpInTwentyRounds()).containsExactly("1");
    for (String version : List.of("2", "3")) {
      publish(ScorerFixture.model(version, Long.parseLong(version)));
      crown(ScorerFixture.model(version, Long.parseLong(version)));
    }

    assertThat(takenUpInTwentyRounds()).containsExactly("3");
  }

  @Test
  void loadsNoChampionWhileTheEndOfTheTopicIsUnknown() {
    publish(ScorerFixture.model("1", 1));
    crown(ScorerFixture.model("1", 1));
    consumer.away = true;
    assertThat(takenUpInTwentyRounds()).isEmpty();

    consumer.away = false;
    assertThat(takenUpInTwentyRounds()).containsExactly("1");
  }

  @Test
  void loadsAChampionWhenItsVersionArrives() {
    crown(ScorerFixture.model("1", 1));
    assertThat(takenUpInTwentyRounds()).isEmpty();
    assertThat(watch.refusal())
        .isEqualTo("champion 1 cannot be used: model pneumonia has no version 1");
    assertThat(loadFailures()).isEqualTo(1);

    publish(ScorerFixture.model("1", 1));

    assertThat(takenUpInTwentyRounds()).containsExactly("1");
    assertThat(watch.refusal()).isEmpty();
  }

  @Test
  void aReturnToTheCurrentChampionEndsARefusal() {
    publish(ScorerFixture.model("1", 1));
    crown(ScorerFixture.model("1", 1));
    assertThat(takenUpInTwentyRounds()).containsExactly("1");
    crown(ScorerFixture.model("2", 2));
    assertThat(takenUpInTwentyRounds()).isEmpty();
    assertThat(watch.refusal()).startsWith("champion 2 cannot be used");

    crown(ScorerFixture.model("1", 1));

    assertThat(takenUpInTwentyRounds()).isEmpty();
    assertThat(watch.refusal()).isEmpty();
  }

  @Test
  void refusesWeightsWithoutFiniteOutput() {
    ModelVersion overflowing = ScorerFixture.overflowingModel("1");
    publish(overflowing);
    crown(overflowing);

    assertThat(takenUpInTwentyRounds()).isEmpty();
    assertThat(watch.refusal())
        .startsWith("champion 1 cannot be used: ")
        .contains("output must be finite");
    assertThat(loadFailures()).isEqualTo(1);
  }

  private List<String> takenUpInTwentyRounds() {
    List<String> versions = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      watch.round();
      Optional<Champion> next = watch.takeNext();
      next.ifPresent(
          champion -> {
            versions.add(champion.version().getVersion());
            champion.close();
          });
    }
    return versions;
  }

  private double loadFailures() {
    return meters.get("pneumostream.model.load.failures").counter().count();
  }

  private void publish(ModelVersion version) {
    append("pneumonia/" + version.getVersion(), version);
  }

  private void crown(ModelVersion version) {
    append("pneumonia/champion", ModelVersion.newBuilder(version).setWeights(null).build());
  }

  private void append(String key, ModelVersion version) {
    byte[] value = fixture.topics.models().record(key, version).value();
    models.add(new ConsumerRecord<>(partition.topic(), 0, models.size(), key, value));
  }
}
