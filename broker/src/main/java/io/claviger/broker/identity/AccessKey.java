package io.claviger.broker.identity;

import io.claviger.schemas.Check;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key that the operator has registered for calls of the API. {@link #toString()} shows no secret;
 * neither do the messages of what is thrown.
 *
 * @param name whose it is, as grants call it: letters, digits and {@code . _ @ -}, at most 128;
 *     several keys may have one name, so that a key can be replaced by another
 * @param accessKeyId letters, digits and {@code _}, at most 128
 * @param secretAccessKey what requests are signed with; without white space
 * @param node the only node whose pods' credentials may be fetched with it; absent for any
 */
public record AccessKey(
    String name, String accessKeyId, String secretAccessKey, @Nullable String node) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_]{1,128}");
  private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{1,256}");

  public AccessKey {
    matching(NAME, name, "name", "letters, digits and . _ @ -, at most 128");
    matching(ID, accessKeyId, "accessKeyId", "letters, digits and _, at most 128");
    matching(SECRET, secretAccessKey, "secretAccessKey", "printable, without spaces, at most 256");
    if (node != null) {
      Check.text(node, "node");
    }
  }

  /** Who calls with it. */
  public ApiCaller caller() {
    return new ApiCaller(name, node);
  }

  @Override
  public String toString() {
    return "AccessKey[name=" + name + ", accessKeyId=" + accessKeyId + ", node=" + node + "]";
  }

  /** The value is not named: it may be a secret that stands in the wrong place. */
  private static void matching(Pattern pattern, String value, String field, String form) {
    if (!pattern.matcher(Check.text(value, field)).matches()) {
      throw new IllegalArgumentException(field + " has to be " + form);
    }
  }
}
