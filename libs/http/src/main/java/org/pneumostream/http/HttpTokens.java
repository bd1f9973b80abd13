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
 * Bearer tokens and what each is good for: {@code role[,role...] = token}, one a line or separated
 * by semicolons, {@code #} before a comment. Only the tokens' SHA-256 are kept, and no message
 * repeats any part of an entry, since a token may stand where it does not belong. Immutable.
 */
final class HttpTokens {
  static final HttpTokens NONE = new HttpTokens(List.of());

  /** What RFC 6750 allows; shorter ones could be guessed. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{16,512}={0,2}");

  /** Digits of the hash that tell clients apart, and do not give the token away. */
  private static final int ID_DIGITS = 12;

  /**
   * Who calls.
   *
   * @param id the same for the same token
   * @param roles what the token is good for, at least one
   */
  record Caller(String id, Set<HttpRole> roles) {
    /** Whether it may call a route that is for this role. */
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
   * Reads tokens.
   *
   * @param source where they come from, for error messages
   * @throws SettingException naming the line that is no token, or the source that has none
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
      throw new SettingException(source + ": no token, expected 'role[,role...] = token'");
    }
    return new HttpTokens(List.copyOf(entries));
  }

  /**
   * The tokens of a file.
   *
   * @throws SettingException if the file cannot be read, others can read it, or a line is no token
   */
  static HttpTokens read(Path file) {
    return parse(
        HttpConfig.TOKENS_FILE.key() + " " + file, SecretFile.read(HttpConfig.TOKENS_FILE, file));
  }

  private static Entry entry(String where, String text) {
    String[] parts = text.split("=", 2);
    if (parts.length < 2) {
      throw new SettingException(where + ": no '=', expected 'role[,role...] = token'");
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
          where + ": not a token, expected 16 to 512 letters, digits or ._~+/-");
    }
    return new Entry(token, Set.copyOf(roles));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return entries.size();
  }

  /** These and others. */
  HttpTokens and(HttpTokens others) {
    return new HttpTokens(Stream.concat(entries.stream(), others.entries.stream()).toList());
  }

  /**
   * Whose token that is; of a token that stands there twice, the last entry counts. Every entry is
   * compared, each in constant time, so that the time taken tells nothing about how near a guess
   * is.
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
