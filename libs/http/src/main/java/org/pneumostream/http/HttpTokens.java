package org.pneumostream.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pneumostream.settings.SecretFile;
import org.pneumostream.settings.SettingException;

/**
 * Bearer tokens and their roles: {@code role[,role...] = token}, one per line or separated by
 * semicolons; {@code #} starts a comment. Only the tokens' SHA-256 are kept. No message quotes an
 * entry, since a misplaced token could be in it. Immutable.
 */
final class HttpTokens {
  static final HttpTokens NONE = new HttpTokens(List.of());

  /** The characters that RFC 6750 allows; shorter tokens could be guessed. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{16,512}={0,2}");

  /** Digits of the hash that distinguish clients without revealing the token. */
  private static final int ID_DIGITS = 12;

  /**
   * The owner of a token.
   *
   * @param id constant for a token
   * @param roles roles of the token, at least one
   */
  record Caller(String id, Set<HttpRole> roles) {
    /** Whether it may call a route that requires this role. */
    boolean may(HttpRole role) {
      return roles.contains(HttpRole.ADMIN) || roles.contains(role);
    }
  }

  private static final class Entry {
    private final byte[] sha256;
    private final Caller caller;

    Entry(String token, Set<HttpRole> roles) {
      sha256 = sha256(token);
      caller = new Caller(sha256Hex(token).substring(0, ID_DIGITS), roles);
    }
  }

  private final List<Entry> entries;

  private HttpTokens(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * Parses tokens.
   *
   * @param source where they come from, for error messages
   * @throws SettingException if a line is invalid, with its number, or if there is no token
   */
  static HttpTokens parse(String source, String text) {
    List<Entry> entries = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int line = 0; line < lines.size(); line++) {
      for (String entry : lines.get(line).replaceFirst("#.*", "").split(";")) {
        if (!entry.isBlank()) {
          entries.add(entry(source + ", line " + (line + 1), entry));
        }
      }
    }
    if (entries.isEmpty()) {
      throw new SettingException(source + ": contains no token, expected 'role[,role...] = token'");
    }
    return new HttpTokens(List.copyOf(entries));
  }

  /**
   * Reads the tokens of a file.
   *
   * @throws SettingException if the file cannot be read, others can read it, or a line is invalid
   */
  static HttpTokens read(Path file) {
    return parse(
        HttpConfig.TOKENS_FILE.key() + " " + file, SecretFile.read(HttpConfig.TOKENS_FILE, file));
  }

  private static Entry entry(String where, String text) {
    String[] parts = text.split("=", 2);
    if (parts.length < 2) {
      throw new SettingException(where + ": missing '=', expected 'role[,role...] = token'");
    }
    Set<HttpRole> roles = EnumSet.noneOf(HttpRole.class);
    for (String name : parts[0].split(",", -1)) {
      roles.add(
          HttpRole.ofToken(name.strip())
              .orElseThrow(
                  () ->
                      new SettingException(
                          where + ": unknown role, expected push, label, read or admin")));
    }
    String token = parts[1].strip();
    if (!TOKEN.matcher(token).matches()) {
      throw new SettingException(
          where + ": invalid token, expected 16 to 512 letters, digits or ._~+/-");
    }
    return new Entry(token, Set.copyOf(roles));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return entries.size();
  }

  /** The union of two sets. */
  HttpTokens and(HttpTokens others) {
    return new HttpTokens(Stream.concat(entries.stream(), others.entries.stream()).toList());
  }

  /**
   * The owner of a token; if a token occurs twice, the last entry counts. Every entry is compared,
   * each in constant time, so that the duration does not tell how close a guess is.
   */
  Optional<Caller> caller(String token) {
    byte[] asked = sha256(token);
    Optional<Caller> found = Optional.empty();
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(asked, entry.sha256)) {
        found = Optional.of(entry.caller);
      }
    }
    return found;
  }

  static String sha256Hex(String text) {
    return HexFormat.of().formatHex(sha256(text));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
