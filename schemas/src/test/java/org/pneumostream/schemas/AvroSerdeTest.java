package org.pneumostream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class AvroSerdeTest {
  private static final Label LABEL =
      new Label(Finding.ABNORMAL, "reader-1", Instant.parse("2026-01-02T03:04:05.678Z"));

  /** 2147483639 as Avro writes it, zigzag and 7 bits at a time. */
  private static final byte[] TWO_BILLION = {(byte) 0xee, -1, -1, -1, 0x0f};

  private final Registry registry = Registry.inMemory();
  private final AvroSerde<Label> serde = new AvroSerde<>(registry, Label.class);

  @Test
  void writesAZeroByteTheSchemaIdAndAPlainAvroBody() throws IOException {
    byte[] bytes = write(LABEL);

    ByteBuffer wire = ByteBuffer.wrap(bytes);
    assertThat(wire.get()).isZero();
    Schema schema = registry.schema(wire.getInt());
    assertThat(schema.getFullName()).isEqualTo("org.pneumostream.schemas.Label");
    // Read by Avro alone.
    GenericRecord body =
        new GenericDatumReader<GenericRecord>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
    assertThat(body.get("annotator")).hasToString("reader-1");
    assertThat(body.get("labeledAt")).isEqualTo(LABEL.getLabeledAt().toEpochMilli());
  }

  @Test
  void readsWhatItWrote() {
    assertThat(read(write(LABEL))).isEqualTo(LABEL);
  }

  @Test
  void readsNestedRecordsAndBytesOfMebibytes() {
    byte[] voxels = new byte[2 << 20];
    Arrays.fill(voxels, (byte) 0x5a);
    LabeledVolume labeled = new LabeledVolume(volume(voxels), LABEL);
    AvroSerde<LabeledVolume> nested = new AvroSerde<>(registry, LabeledVolume.class);

    byte[] bytes = nested.serializer().serialize("labeled-volumes", labeled);

    assertThat(nested.deserializer().deserialize("labeled-volumes", bytes)).isEqualTo(labeled);
  }

  /** The decoder must not allocate memory for a length before it knows that the bytes exist. */
  @Test
  void refusesALengthBeyondTheRecord() {
    byte[] label = write(LABEL);
    ByteBuffer lie = ByteBuffer.allocate(label.length + 5);
    // Wire format and finding; then the length of the annotator's name.
    lie.put(label, 0, 6).put(TWO_BILLION);

    assertThatThrownBy(() -> read(lie.array()))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("length 2147483639 exceeds the record's ");
  }

  /** The same for bytes, and for item counts. */
  @Test
  void refusesAnItemCountBeyondTheRecord() throws IOException {
    AvroSerde<DeadLetter> letters = new AvroSerde<>(registry, DeadLetter.class);
    AvroSerde<Alert> alerts = new AvroSerde<>(registry, Alert.class);
    DeadLetter letter =
        new DeadLetter(
            "s", "t", 0, 0L, "e", "r", Instant.EPOCH, ByteBuffer.allocate(0), null, null);
    Alert alert = new Alert(0.9, 0.5, "m", "1", Instant.EPOCH, Instant.EPOCH, List.of());
    byte[] content = letters.serializer().serialize("dead-letters", letter);
    byte[] warnings = alerts.serializer().serialize("alerts", alert);

    // The branches of reference and model follow the content's length.
    byte[] first = lie(content, content.length - 3);
    assertThatThrownBy(() -> letters.deserializer().deserialize("dead-letters", first))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("length 2147483639");
    byte[] second = lie(warnings, warnings.length - 1);
    assertThatThrownBy(() -> alerts.deserializer().deserialize("alerts", second))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("length 2147483639");
  }

  private static byte[] lie(byte[] record, int at) {
    return ByteBuffer.allocate(record.length + 5).put(record, 0, at).put(TWO_BILLION).array();
  }

  @Test
  void aTombstoneStaysATombstone() {
    assertThat(write(null)).isNull();
    assertThat(read(null)).isNull();
  }

  @Test
  void readsARecordWithAnAdditionalFieldOfANewerSchema() throws IOException {
    Schema newer = withField(LABEL.getSchema(), "confidence");
    GenericRecord record = new GenericData.Record(newer);
    record.put("finding", new GenericData.EnumSymbol(newer.getField("finding").schema(), "NORMAL"));
    record.put("annotator", "reader-2");
    record.put("labeledAt", 1L);
    record.put("confidence", "high");

    Label read = read(wire(newer, record));

    assertThat(read).isEqualTo(new Label(Finding.NORMAL, "reader-2", Instant.ofEpochMilli(1)));
  }

  @Test
  void readsARecordOfAnOlderSchemaWithoutAFieldThatHasADefault() throws IOException {
    Schema older = withoutField(Alert.getClassSchema(), "warnings");
    GenericRecord record = new GenericData.Record(older);
    record.put("probabilityAbnormal", 0.9);
    record.put("threshold", 0.5);
    record.put("modelName", "pneumonia");
    record.put("modelVersion", "1");
    record.put("receivedAt", 1L);
    record.put("raisedAt", 2L);
    AvroSerde<Alert> alerts = new AvroSerde<>(registry, Alert.class);

    Alert read = alerts.deserializer().deserialize("alerts", wire(older, record));

    assertThat(read.getWarnings()).isEmpty();
    assertThat(read.getProbabilityAbnormal()).isEqualTo(0.9);
  }

  @Test
  void refusesAnotherWireFormatAndNamesItsFirstByte() {
    assertThatThrownBy(() -> read(new byte[] {7, 0, 0, 0, 1, 2}))
        .isInstanceOf(SerializationException.class)
        .hasMessage(
            "labels: not the Confluent wire format: 6 bytes that start with 7, expected a zero byte"
                + " and a schema id");
    assertThatThrownBy(() -> read(new byte[0]))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("no bytes");
  }

  @Test
  void refusesEveryCutOffRecordAndTrailingBytes() {
    byte[] whole = write(LABEL);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(SerializationException.class);
    }
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length + 1)))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("unread bytes after the record");
  }

  @Test
  void anUnavailableRegistryIsNotAFaultOfTheRecord() throws IOException {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closedPort = socket.getLocalPort();
    }
    Registry away = Registry.at("http://127.0.0.1:" + closedPort, Map.of());
    AvroSerde<Label> labels = new AvroSerde<>(away, Label.class);

    assertThatThrownBy(() -> labels.deserializer().deserialize("labels", write(LABEL)))
        .isInstanceOf(RegistryAwayException.class);
    assertThatThrownBy(() -> labels.serializer().serialize("labels", LABEL))
        .isInstanceOf(RegistryAwayException.class)
        .matches(RegistryAwayException::isCauseOf);
  }

  private byte[] write(Label label) {
    return serde.serializer().serialize("labels", label);
  }

  private Label read(byte[] bytes) {
    return serde.deserializer().deserialize("labels", bytes);
  }

  private byte[] wire(Schema schema, GenericRecord record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0);
    bytes.write(ByteBuffer.allocate(4).putInt(registry.register("other-value", schema)).array());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    return bytes.toByteArray();
  }

  private static Schema withField(Schema schema, String added) {
    var fields = SchemaBuilder.record(schema.getName()).namespace(schema.getNamespace()).fields();
    schema.getFields().forEach(f -> fields.name(f.name()).type(f.schema()).noDefault());
    return fields.name(added).type().stringType().noDefault().endRecord();
  }

  private static Schema withoutField(Schema schema, String removed) {
    var fields = SchemaBuilder.record(schema.getName()).namespace(schema.getNamespace()).fields();
    schema.getFields().stream()
        .filter(f -> !f.name().equals(removed))
        .forEach(f -> fields.name(f.name()).type(f.schema()).noDefault());
    return fields.endRecord();
  }

  static Volume volume(byte[] voxels) {
    return Volume.newBuilder()
        .setShape(new VolumeShape(128, 128, 64))
        .setVoxels(ByteBuffer.wrap(voxels))
        .setPreprocessingVersion(1)
        .setOrientationPolicy("canonical")
        .setGeometry(
            new ScanGeometry(
                "NIFTI1", List.of(512, 512, 40), List.of(0.7, 0.7, 5.0), "LPS", "int16"))
        .setReceivedAt(Instant.EPOCH)
        .setPreprocessedAt(Instant.EPOCH)
        .setPreprocessMillis(30)
        .build();
  }
}
