package org.pneumostream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileProblemTest {
  static Stream<Arguments> problems() {
    return Stream.of(
        arguments(new NoSuchFileException("/a"), "/a: no such file or directory"),
        arguments(new AccessDeniedException("/a"), "/a: access denied"),
        arguments(new FileAlreadyExistsException("/a"), "/a: already exists"),
        arguments(new NotDirectoryException("/a"), "/a: not a directory"),
        arguments(
            new FileSystemException("/a", null, "Read-only file system"),
            "/a: Read-only file system"),
        arguments(new IOException("No space left on device"), "No space left on device"),
        arguments(new IOException(), "java.io.IOException"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void namesTheFileAndTheProblem(IOException e, String expected) {
    assertThat(FileProblem.of(e)).isEqualTo(expected);
  }
}
