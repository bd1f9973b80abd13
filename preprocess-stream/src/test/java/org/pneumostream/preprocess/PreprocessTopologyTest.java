package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.Reference;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Volume;

/** Scans to volumes with the real topology, without a broker. */
class PreprocessTopologyTest {
  @AutoClose private final TopologyFixture preprocess;

  PreprocessTopologyTest(@TempDir Path directory) {
    preprocess = new TopologyFixture(directory);
  }

  @Test
  void writesTheVolumeThatPreprocessingReturns() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));

    Volume volume = preprocess.volumes.readValue();
    assertThat(volume.getVoxels())
        .isEqualTo(ByteBuffer.wrap(TopologyFixture.preprocessed(TopologyFixture.file(1))));
    assertThat(volume.getShape()).isEqualTo(new org.pneumostream.schemas.VolumeShape(8, 8, 4));
    assertThat(volume.getPreprocessingVersion()).isEqualTo(1);
    assertThat(volume.getGeometry().getDims()).containsExactly(6, 5, 3);
    assertThat(volume.getReceivedAt()).isEqualTo(TopologyFixture.RECEIVED);
    assertThat(volume.getPreprocessedAt()).isEqualTo(TopologyFixture.NOW);
    assertThat(volume.getStudyKey()).isEqualTo("study-1");
  }

  @Test
  void aScanSeenBeforeYieldsNoSecondVolume() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.push("b", TopologyFixture.scan(2));

    assertThat(preprocess.volumes.readKeyValuesToList())
        .extracting(kv -> kv.key)
        .containsExactly("a", "b");
  }

  @Test
  void aVolumeNamesItsScan() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.push("b", TopologyFixture.scan(2));
    preprocess.scans.pipeInput("a", (byte[]) null);

    assertThat(preprocess.volumes.readRecordsToList())
        .extracting(
            record -> record.key(),
            record -> RecordPlace.read(RecordPlace.SCAN, record.headers()).orElseThrow().offset())
        .containsExactly(tuple("a", 0L), tuple("b", 2L), tuple("a", 3L));
  }

  @Test
  void readsAScanFromTheStore() throws IOException {
    Reference reference = preprocess.store(TopologyFixture.file(1));
    preprocess.push("a", TopologyFixture.builder().setReference(reference).build());

    assertThat(preprocess.volumes.readValue().getVoxels())
        .isEqualTo(ByteBuffer.wrap(TopologyFixture.preprocessed(TopologyFixture.file(1))));
  }

  @Test
  void aMalformedScanBecomesADeadLetterAndTheNextScanIsProcessed() throws IOException {
    byte[] text = "this is no scan".getBytes(StandardCharsets.UTF_8);
    preprocess.push("bad", TopologyFixture.scan(text));
    preprocess.push("good", TopologyFixture.scan(1));

    assertThat(preprocess.volumes.readKeyValuesToList())
        .extracting(kv -> kv.key)
        .containsExactly("good");
    var letter = preprocess.deadLetters.readKeyValue();
    assertThat(letter.key).isEqualTo("bad");
    assertThat(letter.value.getStage()).isEqualTo("preprocess-stream");
    assertThat(letter.value.getTopic()).isEqualTo("scans");
    assertThat(letter.value.getOffset()).isZero();
    assertThat(letter.value.getError()).isEqualTo("InvalidDataException");
    assertThat(preprocess.topics.scans().value(letter.value.getContent().array()))
        .isEqualTo(TopologyFixture.scan(text));
  }

  @Test
  void aScanWithInvalidOrientationBecomesADeadLetterThatNamesTheField() throws IOException {
    byte[] file = TopologyFixture.file(1);
    ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    header.putShort(252, (short) 1).putFloat(260, Float.NaN); // qform_code, quatern_c
    preprocess.push("a", TopologyFixture.scan(file));

    assertThat(preprocess.volumes.isEmpty()).isTrue();
    DeadLetter letter = preprocess.deadLetters.readValue();
    assertThat(letter.getError()).isEqualTo("PreprocessingException");
    assertThat(letter.getReason()).contains("quatern_c is NaN, expected a finite number");
  }

  @Test
  void aScanWithoutFiniteVoxelsBecomesADeadLetter() throws IOException {
    float[] nothing = new float[100];
    Arrays.fill(nothing, Float.NaN);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    NiftiHeader header = NiftiHeader.builder(Datatype.FLOAT32, 10, 10, 1).build();
    try (NiftiWriter writer = NiftiWriter.open(file, header)) {
      writer.writeSlice(nothing);
    }
    preprocess.push("a", TopologyFixture.scan(file.toByteArray()));

    assertThat(preprocess.volumes.isEmpty()).isTrue();
    DeadLetter letter = preprocess.deadLetters.readValue();
    assertThat(letter.getError()).isEqualTo("PreprocessingException");
    assertThat(letter.getReason())
        .startsWith("share of voxels that are NaN or infinite is 100.0 %, expected ");
  }

  @Test
  void aFailedScanCanBePushedAgain() throws IOException {
    Reference reference = preprocess.store(TopologyFixture.file(1));
    Path object = Path.of(URI.create(reference.getUri()));
    Scan scan = TopologyFixture.builder().setReference(reference).build();
    Files.delete(object);
    preprocess.push("a", scan);
    preprocess.store(TopologyFixture.file(1));
    preprocess.push("a", scan);

    DeadLetter letter = preprocess.deadLetters.readValue();
    assertThat(letter.getError()).isEqualTo("ScanGoneException");
    assertThat(letter.getReason()).isEqualTo("scan store: " + reference.getUri() + " is gone");
    assertThat(letter.getReference()).isEqualTo(reference);
    assertThat(preprocess.volumes.readValuesToList()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 1000", "60, 1000", "100, 1000", "60, 100", "60, 61"})
  void aScanDamagedInTheStoreBecomesADeadLetterThatSaysSo(int changed, int length)
      throws IOException {
    Reference reference = preprocess.store(TopologyFixture.file(1));
    Path object = Path.of(URI.create(reference.getUri()));
    byte[] bytes = Files.readAllBytes(object);
    bytes[changed] ^= 1;
    Files.write(object, Arrays.copyOf(bytes, Math.min(length, bytes.length)));
    preprocess.push("a", TopologyFixture.builder().setReference(reference).build());

    assertThat(preprocess.volumes.isEmpty()).isTrue();
    DeadLetter letter = preprocess.deadLetters.readValue();
    assertThat(letter.getError()).isEqualTo("ScanDamagedException");
    assertThat(letter.getReason())
        .startsWith("scan store: " + reference.getUri() + " has " + Files.size(object) + " bytes")
        .endsWith(", expected " + reference.getLength() + " with SHA-256 " + reference.getSha256());
    assertThat(letter.getReference()).isEqualTo(reference);
  }

  @Test
  void malformedBytesBecomeADeadLetterWithTheseBytes() throws IOException {
    byte[] junk = {1, 2, 3};
    preprocess.scans.pipeInput("junk", junk);
    preprocess.push("good", TopologyFixture.scan(1));

    assertThat(preprocess.deadLetters.readValue().getContent()).isEqualTo(ByteBuffer.wrap(junk));
    assertThat(preprocess.volumes.readKeyValuesToList())
        .extracting(kv -> kv.key)
        .containsExactly("good");
  }

  @Test
  void contentTooLargeForADeadLetterStaysOnItsTopic() throws IOException {
    preprocess.push("good", TopologyFixture.scan(1));
    preprocess.scans.pipeInput("junk", new byte[TopologyFixture.LETTER_BYTES + 1]);

    DeadLetter letter = preprocess.deadLetters.readValue();
    assertThat(letter.getContent()).isNull();
    assertThat(letter.getReason())
        .endsWith(
            "; content of 100001 bytes stays at scans-0@1, since dead-letters takes at"
                + " most 100000");
  }

  @Test
  void aTombstoneOnScansFollowsAllDerivedRecords() throws IOException {
    preprocess.label("a", Finding.NORMAL);
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.push("b", TopologyFixture.scan(2));
    preprocess.scans.pipeInput("a", null);

    assertThat(preprocess.volumes.readKeyValuesToList())
        .extracting(kv -> kv.key, kv -> kv.value == null)
        .containsExactly(tuple("a", false), tuple("b", false), tuple("a", true));
    assertThat(preprocess.labeledVolumes.readKeyValuesToList())
        .extracting(kv -> kv.key, kv -> kv.value == null)
        .containsExactly(tuple("a", false), tuple("a", true));
    assertThat(preprocess.deadLetters.readKeyValuesToList())
        .extracting(kv -> kv.key, kv -> kv.value == null)
        .containsExactly(tuple("a", true));
  }

  @Test
  void anErasedScanPushedAgainIsProcessedAgain() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.scans.pipeInput("a", null);
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.push("a", TopologyFixture.scan(1));

    assertThat(preprocess.volumes.readKeyValuesToList())
        .extracting(kv -> kv.value == null)
        .containsExactly(false, true, false);
  }

  @Test
  void malformedScansFailEvenIfAVolumeExistsAndWithoutAnId() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.scans.pipeInput("a", new byte[] {1});
    preprocess.scans.pipeInput((String) null, new byte[] {1});

    assertThat(preprocess.deadLetters.readRecordsToList())
        .extracting(letter -> letter.key())
        .containsExactly("a", null);
  }

  @Test
  void aDeadLetterAboutAScanNamesItsPlaceAndOneAboutALabelDoesNot() throws IOException {
    preprocess.scans.pipeInput("a", new byte[] {1});
    preprocess.scans.pipeInput("b", new byte[] {1});
    preprocess.labels.pipeInput("b", new byte[] {1});

    assertThat(preprocess.deadLetters.readRecordsToList())
        .extracting(letter -> RecordPlace.read(RecordPlace.SCAN, letter.headers()))
        .containsExactly(
            Optional.of(new RecordPlace(0, 0)),
            Optional.of(new RecordPlace(0, 1)),
            Optional.empty());
  }
}
