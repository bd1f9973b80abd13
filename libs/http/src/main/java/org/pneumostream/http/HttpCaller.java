package org.pneumostream.http;

import io.javalin.http.Context;
import java.util.Optional;
import org.pneumostream.http.HttpTokens.Caller;

/** Identifies the caller of a request, for limits per token. */
public final class HttpCaller {
  private static final String ATTRIBUTE = HttpCaller.class.getName();

  private HttpCaller() {}

  /** An id that is constant for a token and does not reveal it; empty if no token was required. */
  public static Optional<String> id(Context context) {
    return Optional.ofNullable(context.attribute(ATTRIBUTE));
  }

  static void set(Context context, Caller caller) {
    context.attribute(ATTRIBUTE, caller.id());
  }
}
