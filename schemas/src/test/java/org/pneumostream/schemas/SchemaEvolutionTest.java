package org.pneumostream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contracts keep what they have promised: src/test/resources/released holds each release. */
class SchemaEvolutionTest {
  private static final Path RELEASED = Path.of("src/test/resources/released");

  private static final List<Class<?>> VALUES =
      List.of(
          Scan.class,
          Volume.class,
          Label.class,
          LabeledVolume.class,
          ModelVersion.class,
          ModelEvent.class,
          TrainingEpoch.class,
          Prediction.class,
          Alert.class,
          DeadLetter.class);

  static Stream<Schema> values() {
    return VALUES.stream().map(SpecificData.get()::getSchema);
  }

  static Stream<Path> released() throws IOException {
    try (Stream<Path> files = Files.walk(RELEASED)) {
      return files.filter(file -> file.toString().endsWith(".avsc")).sorted().toList().stream();
    }
  }

  @Test
  void everyTopicsSchemaHasBeenReleased() throws IOException {
    assertThat(released()).hasSizeGreaterThanOrEqualTo(VALUES.size());
    for (Class<?> value : VALUES) {
      assertThat(RELEASED.resolve("1").resolve(value.getSimpleName() + ".avsc")).exists();
    }
  }

  @ParameterizedTest
  @MethodSource("released")
  void readsWhatEveryReleaseHasWritten(Path file) throws IOException {
    Schema released = new Schema.Parser().parse(Files.readString(file));
    assertThat(canRead(current(released.getName()), released)).isTrue();
  }

  @Test
  void findsAnIncompatibleChange() throws IOException {
    Schema released = new Schema.Parser().parse(Files.readString(RELEASED.resolve("1/Label.avsc")));
    var fields =
        SchemaBuilder.record(released.getName()).namespace(released.getNamespace()).fields();
    released.getFields().forEach(f -> fields.name(f.name()).type(f.schema()).noDefault());
    Schema incompatible = fields.requiredString("addedWithoutDefault").endRecord();

    assertThat(canRead(incompatible, released)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("values")
  void everyRecordAndFieldHasADoc(Schema schema) {
    Map<String, String> docs = new HashMap<>();
    collectDocs(schema, docs, new LinkedHashSet<>());
    assertThat(docs).isNotEmpty();
    assertThat(docs).allSatisfy((name, doc) -> assertThat(doc).as(name).isNotBlank());
  }

  private static void collectDocs(Schema schema, Map<String, String> docs, Set<Schema> seen) {
    if (!seen.add(schema)) {
      return;
    }
    switch (schema.getType()) {
      case RECORD -> {
        docs.put(schema.getFullName(), schema.getDoc());
        for (Schema.Field field : schema.getFields()) {
          docs.put(schema.getFullName() + "." + field.name(), field.doc());
          collectDocs(field.schema(), docs, seen);
        }
      }
      case ENUM -> docs.put(schema.getFullName(), schema.getDoc());
      case UNION -> schema.getTypes().forEach(type -> collectDocs(type, docs, seen));
      case ARRAY -> collectDocs(schema.getElementType(), docs, seen);
      case MAP -> collectDocs(schema.getValueType(), docs, seen);
      default -> assertThat(schema.getType()).isNotNull();
    }
  }

  private static Schema current(String name) {
    return values().filter(schema -> schema.getName().equals(name)).findFirst().orElseThrow();
  }

  private static boolean canRead(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
        == SchemaCompatibilityType.COMPATIBLE;
  }
}
