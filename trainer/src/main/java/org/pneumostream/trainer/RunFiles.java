package org.pneumostream.trainer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Predicate;

/** The files of a run's folder, by name. Errors name the file. */
record RunFiles(Path folder) {
  private static final ObjectMapper JSON = new ObjectMapper();

  boolean has(String name) {
    return Files.exists(folder.resolve(name));
  }

  /** Time of the last write to any file. */
  Instant newest() {
    Instant newest = Instant.MIN;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Instant modified = Files.getLastModifiedTime(file).toInstant();
        newest = modified.isAfter(newest) ? modified : newest;
      }
      return newest;
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  /** Deletes the files whose names match, durably. */
  void deleteIf(Predicate<String> which) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      boolean isDeleted = false;
      for (Path file : files) {
        if (which.test(file.getFileName().toString())) {
          isDeleted |= Files.deleteIfExists(file);
        }
      }
      if (isDeleted) {
        DurableFiles.forceFolder(folder);
      }
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  void writeJson(String name, Object value) {
    try {
      write(name, JSON.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw failure(folder.resolve(name), e);
    }
  }

  <T> T readJson(String name, Class<T> type) {
    try {
      return JSON.readValue(read(name), type);
    } catch (IOException e) {
      throw failure(folder.resolve(name), e);
    }
  }

  byte[] read(String name) {
    try {
      return Files.readAllBytes(folder.resolve(name));
    } catch (IOException e) {
      throw failure(folder.resolve(name), e);
    }
  }

  void write(String name, byte[] bytes) {
    Path file = folder.resolve(name);
    try {
      DurableFiles.write(file, bytes);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  static UncheckedIOException failure(Path file, IOException cause) {
    return new UncheckedIOException("training run " + file + ": " + cause.getMessage(), cause);
  }
}
