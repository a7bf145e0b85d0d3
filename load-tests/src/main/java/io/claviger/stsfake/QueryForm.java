package io.claviger.stsfake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a call in the Query protocol: a form, lists as {@code Name.member.1}. */
final class QueryForm {

  private static final int MAX_MEMBERS = 1_000;

  private final Map<String, String> parameters;

  private QueryForm(Map<String, String> parameters) {
    this.parameters = parameters;
  }

  /** The parameters of body and query string; what cannot be decoded is a {@link StsRefusal}. */
  static QueryForm of(ReceivedRequest request) {
    Map<String, String> parameters = new HashMap<>();
    try {
      add(parameters, request.query());
      add(parameters, request.body().toString(UTF_8));
    } catch (IllegalArgumentException e) {
      throw new StsRefusal(
          new QueryError("MalformedQueryString", 400, "The query string contains a syntax error."));
    }
    return new QueryForm(parameters);
  }

  private static void add(Map<String, String> parameters, String form) {
    for (String pair : form.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            URLDecoder.decode(pair.substring(0, equals), UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), UTF_8));
      }
    }
  }

  @Nullable String get(String name) {
    return parameters.get(name);
  }

  /** The members of a list of texts. */
  List<String> list(String name) {
    List<String> members = new ArrayList<>();
    for (int i = 1; i <= MAX_MEMBERS; i++) {
      String member = parameters.get(name + ".member." + i);
      if (member == null) {
        break;
      }
      members.add(member);
    }
    return members;
  }

  /** The members of a list of structures; each is a function from field name to value. */
  List<Member> structures(String name, String firstField) {
    List<Member> members = new ArrayList<>();
    for (int i = 1; i <= MAX_MEMBERS; i++) {
      Member member = new Member(parameters, name + ".member." + i + ".");
      if (member.get(firstField) == null) {
        break;
      }
      members.add(member);
    }
    return members;
  }

  /** A structure in a list. */
  record Member(Map<String, String> parameters, String prefix) {
    @Nullable String get(String field) {
      return parameters.get(prefix + field);
    }
  }
}
