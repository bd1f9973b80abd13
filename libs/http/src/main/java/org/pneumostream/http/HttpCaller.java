package org.pneumostream.http;

import io.javalin.http.Context;
import java.util.Optional;
import org.pneumostream.http.HttpTokens.Caller;

/** Whose request it is, for what each token has a share of. */
public final class HttpCaller {
  private static final String ATTRIBUTE = HttpCaller.class.getName();

  private HttpCaller() {}

  /** The same for the same token, and not the token; empty where no token was needed. */
  public static Optional<String> id(Context context) {
    return Optional.ofNullable(context.attribute(ATTRIBUTE));
  }

  static void set(Context context, Caller caller) {
    context.attribute(ATTRIBUTE, caller.id());
  }
}
