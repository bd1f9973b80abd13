package org.pneumostream.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DirectoryScanStoreTest extends ScanStoreContract {
  @Override
  ScanStore store() {
    return new DirectoryScanStore(staging());
  }

  @Override
  ScanStore another() {
    return new DirectoryScanStore(temp.resolve("elsewhere"));
  }

  @Override
  String uri() {
    return temp.toUri() + "store/";
  }

  @Override
  Path staging() {
    return temp.resolve("store");
  }

  @Override
  void write(String name, byte[] bytes) throws IOException {
    Files.write(Files.createDirectories(staging()).resolve(name), bytes);
  }

  @Override
  void delete(String name) throws IOException {
    Files.delete(staging().resolve(name));
  }

  @Override
  List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(staging())) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("incoming-"))
          .toList();
    }
  }

  @Test
  void takesNoScanWhenTooLittleOfTheDiskIsFree() {
    ScanStore full = new DirectoryScanStore(temp, Long.MAX_VALUE);

    assertThatThrownBy(full::begin)
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            "\\d+ bytes free, expected at least 9223372036854775807 \\(scan-store-min-free\\)");
    assertThat(temp).isEmptyDirectory();
  }
}
