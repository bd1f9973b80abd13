package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.RetryOf;
import org.pneumostream.schemas.Scan;

/** Scans that are pushed again or retried after a failure, with the real topology. */
class RetriedScansTest {
  private static final RetryOf NONE = RetryOf.letters(List.of());

  @AutoClose private final TopologyFixture preprocess;

  RetriedScansTest(@TempDir Path directory) {
    preprocess = new TopologyFixture(directory);
  }

  @Test
  void aScanThatTheScorerFailedOnIsProcessedAgainOnce() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.givenUp("a", new RecordPlace(0, 0));
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.push("a", TopologyFixture.scan(1));

    assertThat(preprocess.volumes.readRecordsToList())
        .extracting(volume -> RecordPlace.read(RecordPlace.SCAN, volume.headers()).orElseThrow())
        .containsExactly(new RecordPlace(0, 0), new RecordPlace(0, 2));
  }

  @Test
  void recordsDerivedFromARetryNameTheSameDeadLetters() throws IOException {
    RetryOf letter = RetryOf.letters(List.of(12L));
    retry(
        letter, "good", preprocess.topics.scans().record("good", TopologyFixture.scan(1)).value());
    retry(letter, "bad", preprocess.topics.scans().record("bad", noScan()).value());
    retry(letter, "junk", new byte[] {1});

    assertThat(retries(preprocess.volumes)).containsExactly(letter);
    assertThat(retries(preprocess.deadLetters)).containsExactly(letter, letter);
  }

  @Test
  void aFailedScanPushedAgainRetriesItsLatestDeadLetter() throws IOException {
    preprocess.push("a", noScan());
    preprocess.scans.pipeInput("a", new byte[] {1});
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.push("b", TopologyFixture.scan(2));

    assertThat(retries(preprocess.deadLetters)).containsExactly(NONE, ofScans(0));
    assertThat(retries(preprocess.volumes)).containsExactly(ofScans(1), NONE);
  }

  @Test
  void aScanPushedAgainRetriesTheScorersDeadLetter() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.givenUp("a", new RecordPlace(0, 0));
    preprocess.push("a", noScan());
    preprocess.push("a", TopologyFixture.scan(1));

    assertThat(retries(preprocess.deadLetters)).containsExactly(ofScans(0));
    assertThat(retries(preprocess.volumes)).containsExactly(NONE, ofScans(0, 1));
  }

  @Test
  void anErasedScanPushedAgainRetriesNoDeadLetter() throws IOException {
    preprocess.push("a", noScan());
    preprocess.scans.pipeInput("a", (byte[]) null);
    preprocess.push("a", TopologyFixture.scan(1));

    assertThat(retries(preprocess.volumes)).containsExactly(NONE, NONE);
  }

  private static RetryOf ofScans(long... offsets) {
    return NONE.andScans(
        LongStream.of(offsets).mapToObj(offset -> new RecordPlace(0, offset)).toList());
  }

  private static List<RetryOf> retries(TestOutputTopic<String, ?> topic) {
    return topic.readRecordsToList().stream()
        .map(record -> RetryOf.read(record.headers()))
        .toList();
  }

  private void retry(RetryOf letters, String id, byte[] value) {
    RecordHeaders headers = new RecordHeaders();
    letters.write(headers);
    preprocess.scans.pipeInput(new TestRecord<>(id, value, headers));
  }

  private static Scan noScan() throws IOException {
    return TopologyFixture.scan("this is no scan".getBytes(StandardCharsets.UTF_8));
  }
}
